// A Telegram Bot API server on 127.0.0.1:<port>, for tests: node outils/telegram/serveur.js <port>
//
// npm telegram-test-api keeps chats, messages, taps and webhooks, and lets a person write (POST /sendMessage, /sendCommand,
// /sendCallback). What it leaves out, or answers otherwise than Telegram, is put right here, so this half is our reading of
// https://core.telegram.org/bots/api and not a proof of it. For tests only: GET /_calls, GET /_deliveries,
// POST /_calls/reset, POST /_faults, POST /_faults/reset.
"use strict";
const { once } = require("events");
const { createRequire } = require("module");
const { setTimeout: delay } = require("timers/promises");
const TelegramServer = require("telegram-test-api");
const express = createRequire(require.resolve("telegram-test-api"))("express"); // the one it is built on

const PORT = Number(process.argv[2]);
const BOT = {
  id: 123456,
  is_bot: true,
  first_name: "Assistant d'essai",
  username: "assistant_essai_bot",
  can_join_groups: true,
  can_read_all_group_messages: false,
  supports_inline_queries: false,
};
const MAX_TEXT = 4096; // UTF-16 code units, once tags and entities are read
const MAX_UPDATES = 100;
const KEPT_SECONDS = 24 * 3600; // as long as Telegram keeps an update
const WEBHOOK_TIMEOUT_MS = 60_000;
const WEBHOOK_RETRY_MS = 200; // Telegram waits longer and longer; a test cannot
const JSON_FIELDS = ["allowed_updates", "commands", "entities", "reply_markup", "reply_parameters", "scope"];
const NUMBER_FIELDS = ["chat_id", "limit", "message_id", "offset", "timeout"];
const NAMED_ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"' };
const FAULTS = {
  400: "Bad Request: chat not found",
  401: "Unauthorized",
  403: "Forbidden: bot was blocked by the user",
  429: "Too Many Requests: retry after ",
  500: "Internal Server Error",
  502: "Bad Gateway",
};

/** What Telegram answers when it does not do what it is asked. */
class Refusal extends Error {
  constructor(status, description, parameters) {
    super(description);
    this.status = status;
    this.body = { ok: false, error_code: status, description, ...(parameters && { parameters }) };
  }
}

function decodeEntity(whole, name) {
  if (name in NAMED_ENTITIES) return NAMED_ENTITIES[name];
  const code = name.startsWith("#x") ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
  return name.startsWith("#") && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}

/** Return the text a person sees: tags and entities of HTML read, Markdown left as it is. */
function visibleText({ text = "", parse_mode: mode }) {
  if (String(mode).toUpperCase() !== "HTML") return String(text);
  return String(text).replace(/<[^>]*>/g, "").replace(/&(#?\w+);/g, decodeEntity);
}

function checkText(params) {
  const text = visibleText(params);
  if (!text.trim()) throw new Refusal(400, "Bad Request: message text is empty");
  if (text.length > MAX_TEXT) throw new Refusal(400, "Bad Request: message is too long");
}

/** Return a stored update as Telegram writes it. */
function telegramUpdate(stored) {
  const { update_id, callback_query, message: raw } = TelegramServer.formatUpdate(stored);
  if (callback_query) {
    return { update_id, callback_query: { ...callback_query, chat_instance: String(callback_query.message.chat.id) } };
  }
  const { botToken, ...message } = raw;
  if (!message.edit_date) return { update_id, message };
  return { update_id, edited_message: { ...message, message_id: stored.message.message_id } };
}

/** The server of the package, with updates kept until the bot has taken them. */
class BotApi extends TelegramServer {
  constructor(config) {
    super(config);
    this.chats = new Map();
    this.allowed = new Map();
    this.deliveries = [];
    this.delivering = new Set();
  }

  async addUserUpdate(update) {
    const { chat } = (update.callbackQuery ?? update).message;
    this.chats.set(String(chat.id), chat);
    this.storage.userMessages.push(update);
    this.updateId += 1;
    this.emit("update");
    this.deliver(update.botToken);
  }

  async addUserCallback(query) {
    const { chat, message_id } = query.message;
    const stored = this.find({ chat_id: chat.id, message_id });
    // A date of 0 is how Telegram shows a message the bot can no longer read.
    const message = stored ? this.botMessage(stored) : { chat, message_id, date: 0 };
    return super.addUserCallback({ ...query, message });
  }

  addBotMessage(params, token) {
    const { message_id } = super.addBotMessage(params, token);
    return this.botMessage(this.find({ chat_id: params.chat_id, message_id }));
  }

  setWebhook(webhook, token) {
    super.setWebhook(webhook, token);
    this.deliver(token);
  }

  find({ chat_id, message_id }) {
    return this.storage.botMessages.find(
      (sent) => sent.messageId === message_id && String(sent.message.chat_id) === String(chat_id),
    );
  }

  botMessage(sent) {
    const { chat_id, reply_markup } = sent.message;
    return {
      message_id: sent.messageId,
      from: BOT,
      chat: this.chats.get(String(chat_id)) ?? { id: Number(chat_id), type: "private" },
      date: Math.floor(sent.time / 1000),
      ...(sent.editDate && { edit_date: sent.editDate }),
      text: visibleText(sent.message),
      ...(reply_markup?.inline_keyboard && { reply_markup }),
    };
  }

  pending(token) {
    const allowed = this.allowed.get(token) ?? [];
    return this.storage.userMessages
      .filter((update) => update.botToken === token && !update.isRead)
      .map((stored) => ({ stored, update: telegramUpdate(stored) }))
      .filter(({ update }) => !allowed.length || allowed.some((kind) => kind in update));
  }

  allow(token, kinds) {
    if (Array.isArray(kinds)) this.allowed.set(token, kinds);
  }

  forget(token, isOld) {
    this.storage.userMessages.filter((update) => update.botToken === token && isOld(update)).forEach((update) => {
      update.isRead = true;
    });
  }

  /** Hand updates to the webhook one after the other; one that is not answered 2xx comes again. */
  async deliver(token) {
    if (this.delivering.has(token)) return;
    this.delivering.add(token);
    while (this.webhooks[token] && this.pending(token).length) {
      const [{ stored, update }] = this.pending(token);
      const status = await this.post(this.webhooks[token], update);
      this.deliveries.push({ update_id: update.update_id, status });
      if (status >= 200 && status < 300) stored.isRead = true;
      else await delay(WEBHOOK_RETRY_MS);
    }
    this.delivering.delete(token);
  }

  /** Return the status a webhook answered, 0 when it could not be reached. */
  async post({ url, secret_token: secret }, update) {
    const headers = { "Content-Type": "application/json" };
    if (secret) headers["X-Telegram-Bot-Api-Secret-Token"] = secret;
    const signal = AbortSignal.timeout(WEBHOOK_TIMEOUT_MS);
    try {
      const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(update), redirect: "manual", signal });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return 0;
    }
  }
}

const server = new BotApi({ port: PORT, host: "127.0.0.1", storeTimeout: KEPT_SECONDS });
const profile = new Map();
let calls = [];
let faults = [];

function isTrue(value) {
  return String(value).toLowerCase() === "true";
}

async function getUpdates({ offset = 0, timeout = 0, limit = MAX_UPDATES, allowed_updates }, token) {
  if (server.webhooks[token]) {
    throw new Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first");
  }
  server.allow(token, allowed_updates);
  server.forget(token, ({ updateId }) => updateId < offset);
  if (!server.pending(token).length && timeout > 0) {
    await once(server, "update", { signal: AbortSignal.timeout(timeout * 1000) }).catch(() => {});
  }
  return server.pending(token).slice(0, limit).map(({ update }) => update);
}

function sendMessage(params, token) {
  checkText(params);
  return server.addBotMessage(params, token);
}

function shown({ message }) {
  return JSON.stringify([message.text, visibleText(message), message.reply_markup]);
}

function edited(params, change) {
  const sent = server.find(params);
  if (!sent) throw new Refusal(400, "Bad Request: message to edit not found");
  const before = shown(sent);
  change(sent);
  if (shown(sent) === before) {
    const same = "specified new message content and reply markup are exactly the same";
    throw new Refusal(400, `Bad Request: message is not modified: ${same} as a current content and reply markup of the message`);
  }
  sent.editDate = Math.floor(Date.now() / 1000);
  return server.botMessage(sent);
}

function editMessageText(params) {
  checkText(params);
  // Without buttons and parse_mode of its own, a new text has none: nothing of the old ones is kept.
  const { reply_markup, parse_mode } = params;
  return edited(params, () => server.editMessageText({ ...params, reply_markup, parse_mode }));
}

function editMessageReplyMarkup(params) {
  return edited(params, (sent) => {
    if (params.reply_markup) server.editMessageReplyMarkup(params);
    else delete sent.message.reply_markup;
  });
}

function deleteMessage({ chat_id, message_id }) {
  if (!server.deleteMessage(chat_id, message_id)) throw new Refusal(400, "Bad Request: message to delete not found");
  return true;
}

function answerCallbackQuery({ callback_query_id: id }) {
  if (!server.storage.userMessages.some(({ callbackId }) => String(callbackId) === String(id))) {
    throw new Refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid");
  }
  return true;
}

function setWebhook(params, token) {
  const { url, secret_token: secret = "", allowed_updates, drop_pending_updates: drop } = params;
  if (!url) return deleteWebhook(params, token);
  if (!/^[A-Za-z0-9_-]{0,256}$/.test(secret)) {
    throw new Refusal(400, "Bad Request: secret token contains unallowed characters");
  }
  if (isTrue(drop)) server.forget(token, () => true);
  server.allow(token, allowed_updates);
  server.setWebhook(params, token);
  return true;
}

function deleteWebhook({ drop_pending_updates: drop }, token) {
  if (isTrue(drop)) server.forget(token, () => true);
  server.deleteWebhook(token);
  return true;
}

function getWebhookInfo(_params, token) {
  const url = server.webhooks[token]?.url ?? "";
  const last = server.deliveries.at(-1);
  const failed = last && (last.status < 200 || last.status >= 300);
  return {
    url,
    has_custom_certificate: false,
    pending_update_count: server.pending(token).length,
    ...(url && failed && { last_error_message: `Wrong response from the webhook: ${last.status}` }),
  };
}

function keep(name) {
  return (params) => Boolean(profile.set(name, params[name]));
}

const METHODS = {
  getMe: () => BOT,
  getUpdates,
  sendMessage,
  editMessageText,
  editMessageReplyMarkup,
  deleteMessage,
  answerCallbackQuery,
  setWebhook,
  deleteWebhook,
  getWebhookInfo,
  sendChatAction: () => true,
  setMyCommands: keep("commands"),
  getMyCommands: () => profile.get("commands") ?? [],
  deleteMyCommands: () => profile.delete("commands") || true,
  setMyDescription: keep("description"),
  getMyDescription: () => ({ description: profile.get("description") ?? "" }),
  setMyShortDescription: keep("short_description"),
  getMyShortDescription: () => ({ short_description: profile.get("short_description") ?? "" }),
  setMyName: keep("name"),
  setChatMenuButton: () => true,
  logOut: () => true,
  close: () => true,
};

/** Fail once as was asked for, if it was for such a call. */
function failAsAsked(method, { chat_id }) {
  const fault = faults.find(
    (one) => one.times > 0 && one.method === method && (one.chat_id == null || String(one.chat_id) === String(chat_id)),
  );
  if (!fault) return;
  fault.times -= 1;
  const seconds = fault.retry_after ?? (fault.status === 429 ? 1 : undefined);
  const usual = fault.status === 429 ? FAULTS[429] + seconds : FAULTS[fault.status];
  throw new Refusal(fault.status, fault.description ?? usual, seconds === undefined ? undefined : { retry_after: seconds });
}

/** Return the parameters of a call, whichever way they came (address, form or JSON). */
function parametersOf(request) {
  const params = { ...request.query, ...request.body };
  for (const name of JSON_FIELDS) if (typeof params[name] === "string") params[name] = JSON.parse(params[name]);
  for (const name of NUMBER_FIELDS) if (/^-?\d+$/.test(params[name])) params[name] = Number(params[name]);
  return params;
}

async function answer(request) {
  const { token, method } = request.params;
  const call = { method, params: parametersOf(request), at: Date.now() / 1000 };
  calls.push(call);
  try {
    failAsAsked(method, call.params);
    if (!Object.hasOwn(METHODS, method)) throw new Refusal(404, "Not Found");
    call.status = 200;
    return { status: 200, body: { ok: true, result: await METHODS[method](call.params, token) } };
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    call.status = refusal.status;
    return refusal;
  }
}

/** Tell the person's side which number its message takes: the package says nothing. */
function tellNumber(_request, response, next) {
  const json = response.json.bind(response);
  const numbers = { message_id: server.messageId, update_id: server.updateId };
  response.json = (body) => json(body.ok ? { ...body, result: numbers } : body);
  next();
}

function addFault(request, response) {
  const { method, status, times = 1 } = request.body;
  if (!method || !(status in FAULTS)) {
    const message = `a fault needs a method and a status among ${Object.keys(FAULTS).join(", ")}`;
    return response.status(400).json({ ok: false, description: message });
  }
  faults.push({ ...request.body, times });
  return response.json({ ok: true });
}

const front = express();
front.use(express.json(), express.urlencoded({ extended: true }));
front.all("/bot:token/:method", (request, response, next) => {
  answer(request).then(({ status, body }) => response.status(status).json(body)).catch(next);
});
front.get("/_calls", (_request, response) => response.json(calls));
front.post("/_calls/reset", (_request, response) => {
  calls = [];
  server.deliveries = [];
  response.json({ ok: true });
});
front.get("/_deliveries", (_request, response) => response.json(server.deliveries));
front.post("/_faults", addFault);
front.post("/_faults/reset", (_request, response) => {
  faults = [];
  response.json({ ok: true });
});
front.post(["/sendMessage", "/sendCommand", "/sendCallback"], tellNumber);
front.use(server.webServer);
server.webServer = front; // what start() listens with
server.start().then(() => console.log(JSON.stringify({ ready: true, bot: BOT })));
