// <time data-utc="2027-02-26T16:00:00Z" data-words="{time} in {zone}, your time">: the visitor's own time, next to the
// event's; with data-until from start to end. The sentence comes from the page; nothing is said where both clocks show the same.
export function localTimes(page, part = page) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  rememberZone(page, zone);
  for (const time of part.querySelectorAll("time[data-utc][data-words]")) {
    const text = said(time, zone, page.documentElement.lang);
    if (!text) continue;
    const note = page.createElement("span");
    note.className = "tz";
    note.textContent = text;
    time.append(note); // Where the server puts it on the next visit.
  }
}

function said(time, zone, language) {
  const moment = new Date(time.dataset.utc);
  if (Number.isNaN(moment.getTime())) return "";
  const here = parts(moment, zone, language);
  const there = time.dataset.zone ? parts(moment, time.dataset.zone, language) : null;
  if (there && here.clock === there.clock && here.day === there.day) return "";
  const end = time.dataset.until ? ` – ${parts(new Date(time.dataset.until), zone, language).clock}` : "";
  const clock = (there && here.day !== there.day ? `${here.day}, ${here.clock}` : here.clock) + end;
  return time.dataset.words.replace("{time}", clock).replace("{zone}", zone.split("/").pop().replaceAll("_", " "));
}

function parts(moment, timeZone, language) {
  try {
    const digits = { numberingSystem: "latn", timeZone };
    const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
    // English pages write the day first, as the server does.
    const day = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { weekday: "short", day: "numeric", month: "short", ...digits });
    return { clock: clock.format(moment), day: day.format(moment) };
  } catch {
    return { clock: "", day: "" };
  }
}

/** Pages that show a second time already do so by this cookie; set only where the page offers the switch. */
function rememberZone(page, zone) {
  if (!page.querySelector("[data-remember-zone]") || /(^|; )tz=/.test(page.cookie)) return;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  page.cookie = `tz=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}
