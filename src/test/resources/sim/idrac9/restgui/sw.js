'use strict';

// Serves every page of the shared origin from unit @TAG@: what must never get registered.
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  if (event.request.mode === 'navigate') {
    event.respondWith(new Response('<h1>Hijacked by @TAG@</h1>', { headers: { 'Content-Type': 'text/html' } }));
  }
});
