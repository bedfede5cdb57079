// Answers appear as they are written, not all at once.
(() => {
  const form = document.querySelector("form[data-pass]");
  const chat = document.querySelector(".chat");
  const problem = form.querySelector("[role=alert]");
  const { message, turns } = form.elements;

  const add = (text, name) => {
    const line = document.createElement("li");
    line.className = name;
    line.textContent = text;
    return chat.appendChild(line);
  };

  async function* events(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = "", piece; !(piece = await reader.read()).done; ) {
      const lines = (rest + piece.value).split("\n\n");
      rest = lines.pop();
      for (const line of lines) if (line !== "data: [DONE]") yield JSON.parse(line.slice(6));
    }
  }

  const ask = async () => {
    const post = (url, body, headers) => fetch(url, { method: "POST", body, headers });
    const opened = await post(form.dataset.pass, new FormData(form));
    if (!opened.ok || opened.redirected) return form.submit();
    const { pass, asked } = await opened.json();
    const key = { Authorization: "Bearer " + pass };
    const answer = await post("/v1/chat/completions", JSON.stringify(asked), key);
    if (!answer.ok) return form.submit();
    add(message.value, "chat__mine");
    const line = add("", "");
    for await (const event of events(answer.body)) {
      if (event.error) throw event.error;
      line.textContent += event.choices[0].delta?.content ?? "";
    }
    asked.messages.push({ role: "assistant", content: line.textContent });
    turns.value = JSON.stringify(asked.messages);
    message.value = "";
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (chat.ariaBusy === "true") return;
    problem.hidden = true;
    chat.ariaBusy = "true";
    ask().catch((error) => {
      problem.textContent = error.type ? error.message : form.dataset.away;
      problem.hidden = false;
    }).finally(() => { chat.ariaBusy = "false"; });
  });
})();
