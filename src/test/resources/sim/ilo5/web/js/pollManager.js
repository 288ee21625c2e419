// Asks for the state of the server every few seconds.
var pollManager = {
  start: function (calls, interval, told) {
    var poll = function () {
      Promise.all(calls.map(function (name) {
        return top.iLO.call('json/' + name).then(function (data) { told(name, data); });
      })).then(function () {
        document.body.dataset.polls = Number(document.body.dataset.polls || 0) + 1;
        setTimeout(poll, interval);
      }, function (error) {
        // No answer at all is what a page sees that is being left, and while the unit resets.
        if (error.message === 'JS_ERR_LOST_SESSION') {
          top.showLogin('Your session was lost.');
        } else {
          setTimeout(poll, interval);
        }
      });
    };
    poll();
  }
};
