// A mobile operator: an SMPP 3.4 server (npm `smpp`) on 127.0.0.1. The end of a number says what becomes of a message:
// 99 refused at once, 98 taken and never delivered, 97 told once to slow down, any other delivered.
// It prints one JSON line for each message it takes.
"use strict";
const smpp = require("smpp");

const port = Number(process.argv[2]);
const slowed = new Set();
let taken = 0;

function ending(number) {
  return number.slice(-2);
}

function answer(session, pdu) {
  const number = pdu.destination_addr;
  if (ending(number) === "99") {
    return session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
  }
  if (ending(number) === "97" && !slowed.has(number)) {
    slowed.add(number);
    return session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
  }
  taken += 1;
  const id = taken.toString(16).padStart(8, "0");
  session.send(pdu.response({ message_id: id }));
  console.log(JSON.stringify({ number, udh: Boolean(pdu.esm_class & 0x40), coding: pdu.data_coding }));
  if (pdu.registered_delivery & 1) setTimeout(() => report(session, pdu, id), 50);
}

function report(session, pdu, id) {
  const state = ending(pdu.destination_addr) === "98" ? "UNDELIV" : "DELIVRD";
  session.deliver_sm({
    source_addr: pdu.destination_addr,
    destination_addr: pdu.source_addr,
    esm_class: 4,
    short_message: `id:${id} sub:001 dlvrd:001 submit date:2611301200 done date:2611301201 stat:${state} err:000 text:`,
  });
}

const server = smpp.createServer((session) => {
  session.on("error", () => {});
  session.on("bind_transceiver", (pdu) => session.send(pdu.response()));
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => { session.send(pdu.response()); session.close(); });
  session.on("submit_sm", (pdu) => answer(session, pdu));
});
server.listen(port, "127.0.0.1", () => console.log(JSON.stringify({ ready: true })));
