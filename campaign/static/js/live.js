// A page that follows the clock (`data-live`): once a minute, and when somebody comes back to it, it asks the server again
// and takes over the parts that changed. Nothing moves, and whoever has the cursor in a part keeps it.
import { localTimes } from "./local-times.js";

const MINUTE = 60_000;

export function live(page) {
  const main = page.querySelector("[data-live]");
  if (!main) return;
  let asked = Date.now();
  const look = () => {
    if (page.hidden || Date.now() - asked < MINUTE) return;
    asked = Date.now();
    renew(page, main);
  };
  setInterval(look, MINUTE / 4);
  page.addEventListener("visibilitychange", look);
}

async function renew(page, main) {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of main.querySelectorAll("[data-part]")) replace(page, part, fresh);
  } catch {
    // Offline: the page keeps what it says, with the time at which it said it.
  }
}

function replace(page, part, fresh) {
  const now = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
  if (!now || part.contains(page.activeElement) || part.innerHTML === now.innerHTML) return;
  part.replaceChildren(...now.childNodes);
  localTimes(page, part);
}
