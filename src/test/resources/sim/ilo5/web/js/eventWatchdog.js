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
  eventSource.onerror = function () {
    if (eventSource && eventSource.readyState === EventSource.CLOSED) {
      lost();
    }
  };
}

function stopEventWatchdog() {
  if (eventSource) {
    eventSource.close();
    eventSource = null;
  }
}
