// Hides a question while the one it hangs on is answered otherwise. Without this file its hint says when to answer.
(() => {
  const asked = [...document.querySelectorAll("[data-shown-if]")];
  if (!asked.length) return;
  const chosen = (form, key) => {
    const found = [...form.elements].filter((each) => each.name === key && !each.closest("[data-shown-if][hidden]"));
    return found.filter((each) => !/radio|checkbox/.test(each.type) || each.checked).map((each) => each.value);
  };
  const look = () => asked.forEach((part) => {
    const wanted = JSON.parse(part.dataset.shownValues), form = part.closest("form");
    part.hidden = !chosen(form, part.dataset.shownIf).some((value) => wanted.includes(value));
  });
  document.addEventListener("change", look);
  look();
})();
