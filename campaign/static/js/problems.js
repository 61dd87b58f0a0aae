// After a refused form, reading starts at the summary; its links put the cursor into the field and open what hides it.
export function problems(page) {
  const summary = page.querySelector("[data-focus]");
  summary?.focus();
  summary?.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && page.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    reveal(field);
    field.closest(".fg, fieldset")?.scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  });
  const field = location.hash && page.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (field) reveal(field);
  for (const hidden of page.querySelectorAll("details .fe")) reveal(hidden);
}

function reveal(field) {
  for (let part = field.parentElement; part; part = part.parentElement) {
    if (part.tagName === "DETAILS") part.open = true;
    if (part.hidden) part.hidden = false;
  }
}
