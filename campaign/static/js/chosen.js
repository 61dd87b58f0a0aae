// A folded list of boxes says what is chosen in it, as the server says it when the page comes.
export function chosen(page) {
  for (const list of page.querySelectorAll("details[data-chosen]")) {
    const said = list.querySelector("summary span");
    const say = () => {
      const names = Array.from(list.querySelectorAll(":checked"), (box) => box.nextElementSibling.textContent);
      said.textContent = names.join(list.dataset.comma) || list.dataset.chosen;
    };
    list.addEventListener("change", say);
    // Whoever comes back finds the boxes as they left them.
    window.addEventListener("pageshow", say);
  }
}
