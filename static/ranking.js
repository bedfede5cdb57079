// The ranking: the line where the budget ends moves as amounts are typed. "Recalculate" does the same without this file.
(() => {
  "use strict";
  const table = document.querySelector("table.ranking");
  if (!table) return;
  const hundredths = (text) => Math.round(parseFloat(String(text).replace(",", ".")) * 100) || 0;
  const body = table.tBodies[0];
  const rows = [...body.querySelectorAll("tr.row")];
  let line = body.querySelector("tr.line");
  if (!line) {
    line = document.createElement("tr");
    line.className = "line";
    line.hidden = true;
    const cell = line.insertCell();
    cell.colSpan = 7;
    cell.textContent = table.dataset.ends;
  }
  const kinds = ["hours", "money"].filter((kind) => table.dataset["free" + kind[0].toUpperCase() + kind.slice(1)]);
  const free = { hours: hundredths(table.dataset.freeHours), money: hundredths(table.dataset.freeMoney) };

  const draw = () => {
    const sum = { hours: hundredths(table.dataset.hours), money: hundredths(table.dataset.money) };
    const past = () => kinds.some((kind) => sum[kind] > free[kind]);
    let ended = past();
    line.hidden = true;
    rows.forEach((row) => {
      kinds.forEach((kind) => {
        sum[kind] += hundredths(row.querySelector(kind === "hours" ? "[name^=h-]" : "[name^=m-]").value);
      });
      if (!ended && past()) {
        ended = true;
        line.hidden = false;
        body.insertBefore(line, row);
      }
      row.classList.toggle("beyond", ended);
    });
  };
  table.addEventListener("input", draw);
})();
