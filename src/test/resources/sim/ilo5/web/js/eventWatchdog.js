// Holds the one event stream of the window.
var eventSource = null;

function startEventWatchdog(alive, lost) {
  stopEventWatchdog();
  eventSource = new EventSource('/sse/ui');
  eventSource.onmessage = function (event) {
    var told = JSON.parse(event.data);
    if (told.unit === iLOGlobal.unit) {
      document.body.dataset.events = Number(document.body.dataset.events) + 1;
      alive();
    }
  };
  // A browser ends the stream also when the page is being left; only the unit knows of its sessions.
  eventSource.onerror = function () {
    if (eventSource && eventSource.readyState === EventSource.CLOSED) {
      stopEventWatchdog();
      iLO.call('json/session_info').then(
        function () { startEventWatchdog(alive, lost); },
        function (error) {
          if (error.message === 'JS_ERR_LOST_SESSION') {
            lost();
          }
        });
    }
  };
}

function stopEventWatchdog() {
  if (eventSource) {
    eventSource.close();
    eventSource = null;
  }
}
