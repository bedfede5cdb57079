// Adds rows and lines at once, and adds up the GPU-hours. Without this file the buttons ask the server.
document.querySelectorAll("[data-grows]").forEach((box) => {
  const button = box.querySelector("[data-add]"), all = () => box.querySelectorAll("[data-line]");
  const cells = (line) => (line.matches("input") ? [line] : [...line.querySelectorAll("input")]);
  button.type = "button";
  button.addEventListener("click", () => {
    const n = all().length, last = all()[n - 1], line = last.cloneNode(true);
    const legend = line.querySelector("legend");
    if (legend) legend.textContent = legend.textContent.replace(/\d+/, n + 1);
    cells(line).forEach((cell, place) => {
      const label = line.querySelector(`label[for="${cell.id}"]`);
      cell.name = cell.name.replace(/-\d+-/, `-${n}-`);
      cell.id = cell.id.replace(/\d+$/, n * cells(line).length + place);
      if (label) label.htmlFor = cell.id;
      else cell.setAttribute("aria-label", cell.getAttribute("aria-label").replace(/\d+/, n + 1));
      cell.removeAttribute("aria-invalid");
      cell.value = "";
    });
    last.after(line);
    cells(line)[0].focus();
  });
  const total = box.querySelector("[data-total]");
  if (total) box.addEventListener("input", () => {
    const hours = [...box.querySelectorAll(`[name$="-${total.dataset.total}"]`)].map((cell) => Number(cell.value.replace(/[\s,']/g, "")) || 0);
    total.textContent = hours.reduce((sum, each) => sum + each, 0).toLocaleString(document.documentElement.lang);
  });
});
