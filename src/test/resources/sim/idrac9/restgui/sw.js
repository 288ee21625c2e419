'use strict';

// A page of unit @TAG@ that would outlive a switch to another unit on the same origin.
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  if (new URL(event.request.url).pathname === '/restgui/worker') {
    event.respondWith(new Response('@TAG@'));
  }
});
