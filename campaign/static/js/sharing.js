// Share sheet and clipboard, where the browser has them; without either the plain links of the page do the same.
export function sharing(page) {
  for (const place of page.querySelectorAll("[data-share]")) {
    const { title, url, shareLabel, copyLabel, copied } = place.dataset;
    if (navigator.share) place.prepend(button(page, shareLabel, () => navigator.share({ title, url }).catch(() => {})));
    if (navigator.clipboard) place.append(copying(page, copyLabel, url, copied));
  }
  for (const print of page.querySelectorAll("[data-print]")) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
  if (!navigator.clipboard) return;
  for (const text of page.querySelectorAll("[data-copy]")) {
    text.after(" ", copying(page, text.dataset.copyLabel, text.dataset.copy, text.dataset.copied));
  }
}

function button(page, label, act) {
  const made = page.createElement("button");
  made.type = "button";
  made.className = "btn sec sm";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

/** A button that copies `text`, with a line beside it that screen readers hear when it is done. */
function copying(page, label, text, done) {
  const whole = page.createElement("span");
  const said = page.createElement("span");
  said.className = "copied";
  said.setAttribute("role", "status");
  whole.append(
    button(page, label, async () => {
      await navigator.clipboard.writeText(text);
      said.textContent = done;
    }),
    said,
  );
  return whole;
}
