// Sets the viewer up with what the page cut out of its address, and starts it.
function launchKVM(user, password, port, address) {
  var mIPAddress = address;
  var mPort = port;
  var htmlViewer = new RPViewer($('screen'), onViewer);
       htmlViewer.setRPCredential(user, password);
       htmlViewer.setRPServerConfiguration(mIPAddress, mPort);
       //  htmlViewer.disableRPCertPopup();
       htmlViewer.setRPWebSocketTimeout(12);
       htmlViewer.connectRPViewer();

  $('disconnect').onclick = function () { htmlViewer.closeRPViewer(); };
  $('connectMedia').onclick = function () { htmlViewer.connectMedia(); };
  $('image').onchange = function () { htmlViewer.mapImage($('image').files[0]); };
  window.addEventListener('pagehide', function () { htmlViewer.closeRPViewer(); });
}

function onViewer(what, value) {
  document.body.dataset[what] = value;
  if (what === 'state') {
    $('state').textContent = value;
    $('state').className = value;
    $('screen').focus();
  } else if (what === 'media') {
    $('connectMedia').hidden = true;
    $('mapCd').hidden = value !== 'connected';
  } else if (what === 'read') {
    $('read').textContent = value + ' bytes';
  }
}
