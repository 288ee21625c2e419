// The viewer: a control socket, a video socket a second after its login, a worker for media.
function RPViewer(screen, told) {
  var context = screen.getContext('2d', { willReadFrequently: true });
  var address = '';
  var port = 0;
  var path = '';
  var user = '';
  var password = '';
  var certPopup = true;
  var timeoutSeconds = 12;
  var secure = location.protocol === 'https:';
  var control, video, worker;
  var running = true;
  var updates = 0;

  this.setRPCredential = function (name, secret) { user = name; password = secret; };
  this.setRPServerConfiguration = function (host, kvmPort) { address = host; port = parseInt(kvmPort, 10); };
  this.setRPServerPath = function (serverPath) { path = serverPath + '/'; };
  this.setRPWebSocketTimeout = function (seconds) { timeoutSeconds = seconds; };
  this.disableRPCertPopup = function () { certPopup = false; };

  this.connectRPViewer = function () {
    if (secure && certPopup) {
      proveCertificate();
    } else {
      openControl();
    }
  };

  // The sockets fail without a word on a certificate that nobody accepted: have it accepted first.
  function proveCertificate() {
    var origin = 'https://' + address + (port === 443 ? '' : ':' + port);
    var popup = window.open(origin + '/index.html', 'certificate', 'width=700,height=500');
    if (!popup) {
      alert('Turn off your pop-up blocker and try again!');
      stop();
      return;
    }
    var asked = setInterval(function () { popup.postMessage('Hello', '*'); }, 250);
    var end = setTimeout(function () {
      clearInterval(asked);
      alert('The certificate of the virtual console was not accepted.');
      stop();
    }, 30000);
    window.addEventListener('message', function accepted(event) {
      if (event.origin === origin) {
        window.removeEventListener('message', accepted);
        clearInterval(asked);
        clearTimeout(end);
        openControl();
      }
    });
  }

  function url() {
    return (secure ? 'wss://' : 'ws://') + address + ':' + port + '/' + path;
  }

  function dropped() {
    if (running) {
      stop();
      alert('The network connection has been dropped.');
    }
  }

  function stop() {
    running = false;
    told('state', 'closed');
  }

  function openControl() {
    told('socket', url());
    var late = setTimeout(dropped, timeoutSeconds * 1000);
    control = new Channel(url(), 'control', {
      ready: function (channel) {
        clearTimeout(late);
        if (!secure && !(channel.capability & 1) && channel.capability & 4) {
          channel.abandon();
          secure = true;
          openControl();
        } else {
          logIn();
        }
      },
      message: onControl,
      closed: dropped,
    });
  }

  function logIn() {
    var view = message('BEEF', 0x0102, 217);
    view.setUint8(8, user.length);
    put(view, 9, ascii(user));
    view.setUint8(105, password.length);
    control.send(put(view, 106, ascii(password)));
  }

  function onControl(view) {
    if (familyOf(view) === 'APCP') {
      return;
    }
    if (typeOf(view) === 0x8305) {
      if (view.getUint32(8) !== 0) {
        stop();
        alert('Login failed.');
        return;
      }
      var appliance = view.getUint32(12);
      told('name', textAt(view, 19, view.getUint8(18)));
      control.send(message('APCP', 0x0102, 12));
      control.send(message('APCP', 0x0103, 12));
      setTimeout(function () { openVideo(appliance); }, 1000);
    } else if (typeOf(view) === 0x8434) {
      startWorker(textAt(view, 8, 32), textAt(view, 40, 32));
    }
  }

  function openVideo(appliance) {
    if (!running) {
      return;
    }
    video = new Channel(url(), 'video', {
      ready: function (channel) {
        var open = message('BEEF', 0x0001, 16);
        open.setUint32(8, Math.random() * 0xffffffff);
        open.setUint32(12, appliance);
        channel.send(open);
        for (var request = 0x0410; request < 0x0414; request++) {
          control.send(message('BEEF', request, 12));
        }
        told('state', 'connected');
      },
      message: onVideo,
      closed: dropped,
    });
  }

  function onVideo(view) {
    if (view.getUint8(5) !== 0x7f) {
      return;
    }
    var width = view.getUint16(12);
    var height = view.getUint16(14);
    var image = context.createImageData(width, height);
    for (var i = 0, at = 20; i < image.data.length; i += 4, at += 2) {
      var pixel = view.getUint16(at);
      image.data[i] = (pixel >> 11) * 255 / 31;
      image.data[i + 1] = (pixel >> 5 & 63) * 255 / 63;
      image.data[i + 2] = (pixel & 31) * 255 / 31;
      image.data[i + 3] = 255;
    }
    context.putImageData(image, view.getUint16(8), view.getUint16(10));
    updates++;
    told('updates', updates);
  }

  this.connectMedia = function () {
    control.send(message('BEEF', 0x0427, 16));
  };

  // The worker opens its own socket, where no script of this page can get at it.
  function startWorker(mediaUser, mediaPassword) {
    worker = new Worker('/js/ViewerJS/viewer/mediaworker.js');
    worker.onmessage = function (event) { told(event.data.what, event.data.value); };
    worker.postMessage({ connect: url(), user: mediaUser, password: mediaPassword });
  }

  this.mapImage = function (file) {
    worker.postMessage({ map: file });
  };

  this.closeRPViewer = function () {
    if (!running) {
      return;
    }
    stop();
    if (worker) {
      worker.postMessage({ close: true });
    }
    [video, control].forEach(function (channel) {
      if (channel) {
        channel.close();
      }
    });
  };

  var SYMBOLS = {
    Enter: 0xff0d, Escape: 0xff1b, Backspace: 0xff08, Tab: 0xff09, Delete: 0xffff, ArrowLeft: 0xff51,
    ArrowUp: 0xff52, ArrowRight: 0xff53, ArrowDown: 0xff54, Shift: 0xffe1, Control: 0xffe3, Alt: 0xffe9,
  };

  function key(event, down) {
    var symbol = SYMBOLS[event.key] || (event.key.length === 1 && event.key.charCodeAt(0));
    if (symbol && control) {
      event.preventDefault();
      var view = message('BEEF', 0x0301, 12);
      view.setUint8(8, down ? 1 : 0);
      view.setUint16(10, symbol);
      control.send(view);
    }
  }

  function pointer(event) {
    if (control) {
      var box = screen.getBoundingClientRect();
      var view = message('BEEF', 0x0302, 14);
      view.setUint16(8, Math.max(0, (event.clientX - box.left) * screen.width / box.width));
      view.setUint16(10, Math.max(0, (event.clientY - box.top) * screen.height / box.height));
      view.setUint8(12, event.buttons);
      control.send(view);
    }
  }

  screen.addEventListener('keydown', function (event) { key(event, true); });
  screen.addEventListener('keyup', function (event) { key(event, false); });
  screen.addEventListener('mousedown', pointer);
  screen.addEventListener('mousemove', pointer);
  screen.addEventListener('mouseup', pointer);
}
