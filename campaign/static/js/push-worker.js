// Shows reminders that come while no page is open. It keeps nothing and answers for no page.
self.addEventListener("push", (event) => {
  const told = event.data.json();
  event.waitUntil(
    self.registration.showNotification(told.title, {
      body: told.body,
      lang: told.language,
      dir: told.direction,
      tag: told.tag,
      data: { url: told.url, manage: told.manage },
      actions: told.manage ? [{ action: "manage", title: told.change }] : [],
      icon: "/icon-192.png",
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url, manage } = event.notification.data;
  event.waitUntil(self.clients.openWindow(event.action === "manage" ? manage : url));
});
