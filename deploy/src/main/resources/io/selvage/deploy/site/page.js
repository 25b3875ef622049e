'use strict';
const byId = id => document.getElementById(id);
const counts = {warp: 0, weft: 0};

function show() {
  const most = Math.max(1, counts.warp, counts.weft);
  for (const name of Object.keys(counts)) {
    byId(name).style.width = 100 * counts[name] / most + '%';
    byId(name + '-count').textContent = counts[name];
  }
}

async function ask(times) {
  byId('ask').disabled = true;
  const started = performance.now();
  try {
    for (let i = 0; i < times; i++) {
      const name = (await (await fetch('api/hello', {cache: 'no-store'})).text()).trim();
      if (name in counts) {
        counts[name]++;
      }
      show();
    }
    byId('said').textContent = times + ' answers in ' + Math.round(performance.now() - started) + ' ms';
  } catch (e) {
    byId('said').textContent = 'no answer: is the demo still running?';
  } finally {
    byId('ask').disabled = false;
  }
}

byId('ask').addEventListener('click', () => ask(40));
byId('lines').textContent = [
  ['curl -i', 'style.css', 'a file, with what a cache needs to know'],
  ['curl', 'api/hello', 'run it twice: warp and weft take turns'],
  ["curl -H 'X-Forwarded-For: 192.0.2.7'", 'api/headers', 'what the application is told'],
].map(([command, path, meaning]) => '# ' + meaning + '\n' + command + ' ' + new URL(path, location.href).href).join('\n\n');
fetch('api/headers').then(answer => answer.text()).then(text => { byId('fields').textContent = text; });
ask(8);
