// Follows rollouts by their server-sent events, and shows the page anew, as the server renders it, when something has changed.
const pause = 5000;
const mostStreams = 4; // A browser has six connections to a server, and the page itself needs one.
const streams = new Map();
const seen = new Map();
let shown = document.querySelector('main').innerHTML;
let timer;

// Without the password, which the page's own address may carry and a script's requests must not.
function own(path) {
  return new URL(path, location.origin);
}

function listItem(happened) {
  const item = document.createElement('li');
  const time = document.createElement('time');
  const text = document.createElement('span');
  time.dateTime = happened.time;
  time.textContent = new Date(happened.time).toISOString().slice(11, 19);
  text.textContent = happened.message;
  item.append(time, text);
  return item;
}

function follow(list) {
  const path = list.dataset.events;
  if (streams.has(path) || streams.size >= mostStreams) {
    return;
  }

  const stream = new EventSource(own(path));
  streams.set(path, stream);
  const show = message => {
    const happened = JSON.parse(message.data);
    if (happened.id > (seen.get(path) ?? 0)) {
      seen.set(path, happened.id);
      list.append(listItem(happened));
      list.scrollTop = list.scrollHeight;
      refreshIn(300);
    }
  };
  for (const kind of list.dataset.kinds.split(' ')) {
    stream.addEventListener(kind, show);
  }

  // The server ends the stream with the rollout; the page shown anew tells whether there is more to follow.
  stream.onerror = () => {
    stream.close();
    streams.delete(path);
    refreshIn(300);
  };
}

async function readOutput(place) {
  const answer = await fetch(own(place.dataset.output));
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    place.append(part.value);
    refreshIn(300);
  }
}

function followAll() {
  document.querySelectorAll('[data-events]').forEach(follow);
}

function refreshIn(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(refresh, milliseconds);
}

async function refresh() {
  const stale = document.getElementById('stale');
  try {
    const answer = await fetch(own(location.pathname + location.search));
    replace(new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main'));
    stale.hidden = true;
  } catch {
    stale.hidden = false;
  }

  refreshIn(pause);
}

function replace(next) {
  if (next.innerHTML !== shown) {
    shown = next.innerHTML;
    const now = document.querySelector('main');
    const focused = document.activeElement.closest('main a')?.getAttribute('href');
    for (const list of now.querySelectorAll('[data-events]')) {
      next.querySelector(`[data-events="${CSS.escape(list.dataset.events)}"]`)?.replaceWith(list);
    }

    next.querySelector('[data-output]')?.replaceWith(now.querySelector('[data-output]'));

    now.replaceChildren(...next.childNodes);
    now.querySelectorAll('[data-events]').forEach(list => { list.scrollTop = list.scrollHeight; });
    if (focused) {
      now.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
  }

  followAll();
}

document.querySelectorAll('[data-output]').forEach(readOutput);
followAll();
refreshIn(pause);
