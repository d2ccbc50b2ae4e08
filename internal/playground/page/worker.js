// The worker holds the engine. It is told {id, call, request} and answers
// {id, reply}; train answers {id, told} on its way as well.
"use strict";

const ready = new Promise((resolve) => {
  self.addEventListener("message", async function first({ data }) {
    if (!data.wasm) return;
    self.removeEventListener("message", first);
    const go = new Go();
    try {
      const { instance } = await WebAssembly.instantiate(data.wasm, go.importObject);
      go.run(instance).then(() => postMessage({ broken: "the engine has stopped" }));
      resolve(self.ncd);
    } catch (broken) {
      postMessage({ broken: String(broken) });
    }
  });
});

self.addEventListener("message", async ({ data: { id, call, request } }) => {
  if (!call) return;
  const ncd = await ready;
  const answer = (text) => postMessage({ id, reply: JSON.parse(text) });
  try {
    switch (call) {
      case "train": {
        const refused = ncd.train(JSON.stringify(request), (text) => postMessage({ id, told: JSON.parse(text).value }), answer);
        if (refused) answer(refused);
        break;
      }
      case "eval": ncd.eval(request, answer); break;
      case "stop": ncd.stop(); break;
      default: answer(ncd[call](JSON.stringify(request)));
    }
  } catch (broken) {
    postMessage({ broken: String(broken) });
  }
});
