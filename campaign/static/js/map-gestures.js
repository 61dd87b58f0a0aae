// Hands, wheels and keys on a surface. One finger or the mouse moves it, two fingers or Ctrl and the wheel change its
// scale; the wheel alone scrolls the page, as it does everywhere.
const A_CLICK = 5;

export function gestures(surface, { moved, scaled, key, pressed }) {
  const held = new Map();
  let travelled = 0;

  surface.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    held.set(event.pointerId, event);
    if (held.size === 1) travelled = 0;
  });
  surface.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before) return;
    const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
    travelled += Math.hypot(dx, dy);
    if (travelled < A_CLICK) return;
    if (!surface.hasPointerCapture(event.pointerId)) surface.setPointerCapture(event.pointerId);
    const other = [...held.values()].find((one) => one.pointerId !== event.pointerId);
    held.set(event.pointerId, event);
    if (!other) return moved(dx, dy);
    scaled(apart(event, other) / apart(before, other), placed(surface, middle(event, other)));
    moved(dx / 2, dy / 2);
  });
  for (const type of ["pointerup", "pointercancel"]) {
    surface.addEventListener(type, (event) => held.delete(event.pointerId));
  }
  surface.addEventListener("dragstart", (event) => event.preventDefault());
  surface.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest("a");
      if (travelled >= A_CLICK || (link && !isPlain(event) ? false : link && pressed(link))) event.preventDefault();
      travelled = 0;
    },
    true,
  );
  surface.addEventListener("dblclick", (event) => {
    if (!event.target.closest("a")) scaled(2, placed(surface, event));
  });
  surface.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      scaled(2 ** (-event.deltaY / 200), placed(surface, event));
    },
    { passive: false },
  );
  surface.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== surface) return;
    if (key(event.key)) event.preventDefault();
  });
}

/** A press that asks for nothing else, like a new window. */
function isPlain(event) {
  return !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

function apart(one, other) {
  return Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY));
}

function middle(one, other) {
  return { clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2 };
}

function placed(surface, { clientX, clientY }) {
  const box = surface.getBoundingClientRect();
  return { x: clientX - box.x, y: clientY - box.y };
}
