function Renderer(settings) {
  this.canvas = settings.canvas;
  this.context = this.canvas.getContext('2d');
}

Renderer.prototype.draw = function (picture) {
  if (this.canvas.width !== picture.width || this.canvas.height !== picture.height) {
    this.canvas.width = picture.width;
    this.canvas.height = picture.height;
  }
  picture.rectangles.forEach(function (part) {
    this.context.putImageData(new ImageData(part.rgba, part.width, part.height), part.x, part.y);
  }, this);
};
