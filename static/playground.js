// The playground: the answer appears as it is written. Without this file the form brings it all at once.
(() => {
  "use strict";
  const form = document.querySelector("form[data-pass]");
  if (!form) return;
  const chat = document.querySelector(".chat");
  const problem = form.querySelector("[role=alert]");
  const { message, turns } = form.elements;

  const add = (text, mine) => {
    const line = document.createElement("li");
    if (mine) line.className = "chat__mine";
    line.textContent = text;
    return chat.appendChild(line);
  };

  async function* events(answer) {
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let waiting = "", piece; !(piece = await reader.read()).done; ) {
      const lines = (waiting + piece.value).split("\n\n");
      waiting = lines.pop();
      for (const line of lines) if (line !== "data: [DONE]") yield JSON.parse(line.slice(6));
    }
  }

  const ask = async () => {
    const opened = await fetch(form.dataset.pass, { method: "POST", body: new FormData(form) });
    if (!opened.ok || opened.redirected) return form.submit();
    const { pass, asked } = await opened.json();
    const headers = { Authorization: "Bearer " + pass, "Content-Type": "application/json" };
    const answer = await fetch("/v1/chat/completions", { method: "POST", headers, body: JSON.stringify(asked) });
    if (!answer.ok) return form.submit(); // the page itself says why
    add(message.value, true);
    const line = add("");
    for await (const event of events(answer)) {
      if (event.error) throw event.error;
      line.textContent += event.choices[0]?.delta?.content ?? "";
    }
    turns.value = JSON.stringify([...asked.messages, { role: "assistant", content: line.textContent }]);
    message.value = "";
    message.focus();
  };

  let busy = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy) return;
    busy = problem.hidden = true;
    chat.setAttribute("aria-busy", "true"); // read out once it is whole
    ask().catch((error) => {
      problem.textContent = error instanceof Error ? form.dataset.away : error.message;
      problem.hidden = false;
    }).finally(() => chat.setAttribute("aria-busy", (busy = false)));
  });
})();
