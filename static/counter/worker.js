/* The service worker: keeps the page and its files, answers from them without a network, and never takes over while a sale is typed. */

importScripts(...self.TILL.workbox);
workbox.core.setCacheNameDetails({prefix: "etalase-till"});
workbox.precaching.precacheAndRoute(self.TILL.precache, {ignoreURLParametersMatching: [], cleanURLs: false});
workbox.precaching.cleanupOutdatedCaches();

/* What is asked for later: the scanner's files. Their addresses change with their content. */
workbox.routing.registerRoute(
  ({url}) => url.origin === location.origin && url.pathname.startsWith("/counter/files/"),
  new workbox.strategies.CacheFirst({cacheName: "etalase-till-files"}),
);
/* Pictures of goods: their names are never used twice. */
workbox.routing.registerRoute(
  ({url}) => url.origin === location.origin && url.pathname.startsWith("/media/"),
  new workbox.strategies.CacheFirst({cacheName: "etalase-till-pictures"}),
);

/* The page says when nobody types a sale (updates.js). */
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([self.clients.claim(), forgetOldFiles()])));

/* The scanner's files of earlier versions. */
async function forgetOldFiles() {
  const files = await caches.open("etalase-till-files");
  for (const request of await files.keys()) {
    const { pathname, search } = new URL(request.url);
    if (!self.TILL.later.includes(pathname + search)) await files.delete(request);
  }
}
