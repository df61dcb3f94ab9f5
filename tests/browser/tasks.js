// What a page keeps its main thread busy with, by the processor's time: the clock's depends on what else runs.

const WAIT_MAX = 60_000;

/** The events of `categories` while `run` runs. */
async function traced(page, categories, run) {
  const session = await page.context().newCDPSession(page);
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const complete = new Promise((resolve) => { session.once('Tracing.tracingComplete', resolve); });
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: categories } });
  try {
    await run();
  } finally {
    await session.send('Tracing.end');
  }
  const late = new Promise((_, reject) => {
    setTimeout(reject, WAIT_MAX, new Error('the trace does not end')).unref();
  });
  await Promise.race([complete, late]);
  await session.detach();
  return events;
}

/** The process that draws the page. */
const rendererOf = (events, mark) => events.find((e) => e.name === 'TimeStamp' && e.args?.data?.message === mark)
  ?? events.find((e) => e.cat.includes('blink.console') && e.name === mark);

/**
 * The tasks of the page's main thread while `run` runs, the longest first: how long each
 * took by the clock, and how much of that the processor worked on it (ms). Other
 * processes make the first longer, but not the second.
 */
export async function tasksOf(page, run) {
  const mark = `tasks ${Math.random()}`;
  const events = await traced(page, ['toplevel', 'devtools.timeline', 'blink.console'], async () => {
    await run();
    // behind it: `run` may go to a page that another process draws
    await page.evaluate((text) => console.timeStamp(text), mark);
  });
  const main = rendererOf(events, mark);
  if (!main) throw new Error('the trace does not have the page');
  const own = events.filter((e) => e.ph === 'X' && e.pid === main.pid && e.tid === main.tid);
  return own.filter((e) => /RunTask/.test(e.name))
    .map((task) => ({ wall: task.dur / 1000, cpu: (task.tdur ?? 0) / 1000, event: task, own }))
    .sort((a, b) => b.cpu - a.cpu);
}

/** A function that returns for how long the processor has worked for the page's main thread: ms. */
export async function workMeter(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * metrics.find(({ name }) => name === 'TaskDuration').value;
  };
}
