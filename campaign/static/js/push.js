// “Remind me in this browser”: shown only where the browser can, and only where the installation has a key for it.
export function push(document) {
  const place = document.querySelector("[data-push]");
  if (!place || !("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return;
  const button = place.querySelector("button");
  const status = place.querySelector("[role=status]");
  place.hidden = false;

  button.addEventListener("click", async () => {
    button.disabled = true;
    status.textContent = "";
    try {
      const answer = await ask(place.dataset);
      const link = Object.assign(document.createElement("a"), { href: answer.manage, textContent: place.dataset.manage });
      status.append(place.dataset.done, " ", link);
      button.hidden = true;
    } catch {
      status.textContent = Notification.permission === "denied" ? place.dataset.denied : place.dataset.failed;
      button.disabled = false;
    }
  });
}

async function ask({ push: key, action }) {
  if ((await Notification.requestPermission()) !== "granted") throw new Error("not allowed");
  await navigator.serviceWorker.register("/push-worker.js");
  const worker = await navigator.serviceWorker.ready;
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = subscription.toJSON();
  const answer = await fetch(action, { method: "POST", body: new URLSearchParams({ endpoint, ...keys }) });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}
