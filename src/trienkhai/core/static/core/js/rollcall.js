// Roll call: everybody is present; tap those away. The list works without this; here it counts aloud.
// [data-rollcall] holds checkboxes (ticked = present); [data-rollcall-present] and [data-rollcall-away] show how many;
// [data-rollcall-all] ticks all, [data-rollcall-none] none; [data-rollcall-find] narrows the rows ([data-name], folded) by what is typed.
function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
}

function start(list) {
  const boxes = () => [...list.querySelectorAll('input[type="checkbox"]')];

  function count() {
    const all = boxes();
    const here = all.filter((box) => box.checked).length;
    for (const place of list.querySelectorAll("[data-rollcall-present]")) place.textContent = here;
    for (const place of list.querySelectorAll("[data-rollcall-away]")) place.textContent = all.length - here;
  }

  list.addEventListener("change", count);
  list.addEventListener("click", (event) => {
    const all = event.target.closest("[data-rollcall-all]");
    const none = event.target.closest("[data-rollcall-none]");
    if (!all && !none) return;
    for (const box of boxes()) if (!box.disabled) box.checked = Boolean(all);
    list.dispatchEvent(new Event("change", { bubbles: true }));
  });
  list.querySelector("[data-rollcall-find]")?.addEventListener("input", (event) => {
    const wanted = fold(event.target.value.trim());
    for (const row of list.querySelectorAll("[data-name]")) row.hidden = !fold(row.dataset.name).includes(wanted);
  });
  count();
}

for (const list of document.querySelectorAll("[data-rollcall]")) start(list);
