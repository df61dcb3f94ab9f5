'use strict';

const { linear, sleep } = require('../lib/index.js');
const files = require('./storm-files.js');
const {
  CALM, INTERNAL_HERE, INTERNAL_THERE, RESOLUTION, run, count, unique,
} = require('./storm-run.js');

/*
 * What people do, here and in Linear. All that is acknowledged is recorded with the issue, to be
 * checked by storm-reckoning.js.
 */

const STATUSES = ['open', 'in_progress', 'resolved', 'closed'];
const PRIORITIES = ['low', 'medium', 'high', 'urgent'];
const CATEGORIES = ['general', 'delivery', 'quality', 'billing', 'technical', 'other'];
const STATES = ['Backlog', 'Todo', 'In Progress', 'In Review', 'Done', 'Canceled'];
const STATUS_OF_TYPE = {
  triage: 'open', backlog: 'open', unstarted: 'open', started: 'in_progress',
  completed: 'resolved', canceled: 'closed', duplicate: 'closed',
};
const PRIORITY_OF = { 1: 'urgent', 2: 'high', 3: 'medium', 4: 'low' };

/** Users in Linear who are staff here. */
const STAFF = ['sahel@example.com', 'erin@example.com'];

/** The first words of the one thread that a customer shares. */
const THREAD = '**Conversation with the customer**';

function issueOf(fields) {
  return {
    linear: null, customer: null, deleted: null, promises: [], told: {}, comments: [], files: [], ...fields,
  };
}

/* --- here -------------------------------------------------------------------------------- */

/** Records the acknowledged value of a field here. */
const promise = (issue, field, value) => issue.promises.push({ field, value });

const anyStaff = (dice) => run.people[dice.of(['sahel', 'erin'])];

async function staff(dice, method, issue, path, body) {
  return anyStaff(dice).call(method, `/api/issues/${issue.id}/${path}`, body);
}

async function patch(dice, issue, field, value) {
  const { status } = await staff(dice, 'PATCH', issue, '', { [field]: value });
  if (status === 200) {
    promise(issue, field, value);
  }
  return status;
}

/** A change of the status by an action of its own. */
async function act(dice, issue, path, body, value) {
  const { status } = await staff(dice, 'POST', issue, path, body);
  if (status === 200) {
    promise(issue, 'status', value);
  }
  return status;
}

/** All contents that a comment has had; the current one is the last, or was not acknowledged. */
async function comment(issue, who, path, fields, content, internal) {
  const { status, body } = await who.call('POST', path, fields);
  if (status === 201) {
    issue.comments.push({
      id: body.comment.id, who, contents: [content], internal, withdrawn: 'no',
    });
  }
  return status;
}

/** Somebody changes a comment of their own; a change whose answer was lost may have been made. */
async function changeComment(dice, issue, method, content) {
  const left = issue.comments.filter(({ withdrawn }) => withdrawn === 'no');
  if (left.length === 0) {
    return 0;
  }
  const one = dice.of(left);
  const { status } = await one.who.call(
    method, `/api/issues/${issue.id}/comments/${one.id}/`, content && { content });
  const isLost = !status || status >= 500;
  if (content && (status === 200 || isLost)) {
    one.contents.push(content);
  } else if (!content && (status === 204 || isLost) && one.withdrawn !== 'yes') {
    one.withdrawn = status === 204 ? 'yes' : 'maybe';
  }
  return status;
}

/** Sometimes longer than it may be here. */
const maybeLong = (dice, text, length) => (
  dice.next() < 0.05 ? `${text} ${'\u{1F4E6}x'.repeat(length / 2)}` : text);

const here = {
  async raise(dice) {
    const who = dice.of(['alice', 'testuser']);
    const fields = {
      title: unique('Storm'),
      description: `${unique('words')}\n\n- one\n- _two_ http://example.com/x`,
      priority: dice.of(PRIORITIES),
      category: dice.of(CATEGORIES),
    };
    const { status, body } = await run.people[who].call('POST', '/api/client/issues/raise/', {
      organization: 1, ...fields,
    });
    if (status === 201) {
      const first = { ...fields, status: 'open', assigned_to: null };
      run.issues.push(issueOf({ id: body.issue.id, customer: who, first }));
    }
    return status;
  },
  title: (dice, issue) => patch(dice, issue, 'title', unique('Title')),
  description: (dice, issue) => (
    patch(dice, issue, 'description', `${unique('Description')}\n\n* item __bold__`)),
  priority: (dice, issue) => patch(dice, issue, 'priority', dice.of(PRIORITIES)),
  status: (dice, issue) => patch(dice, issue, 'status', dice.of(STATUSES)),
  category: (dice, issue) => patch(dice, issue, 'category', dice.of(CATEGORIES)),
  async assign(dice, issue) {
    const id = dice.of([4, 5, null]);
    const { status, body } = await staff(dice, 'POST', issue, 'assign/', { employee_id: id });
    // somebody else may have assigned it to nobody since
    if (status === 200 && (!id || body.issue.assigned_to)) {
      promise(issue, 'assigned_to', id && body.issue.assigned_to.full_name);
    }
    return status;
  },
  resolve: (dice, issue) => (
    act(dice, issue, 'resolve/', { resolution_notes: unique(RESOLUTION) }, 'resolved')),
  reopen: (dice, issue) => act(dice, issue, 'reopen/', {}, 'in_progress'),
  close: (dice, issue) => act(dice, issue, 'close/', {}, 'closed'),
  comment(dice, issue) {
    const content = unique('Public');
    return comment(issue, anyStaff(dice), `/api/issues/${issue.id}/add_comment/`, { content }, content, false);
  },
  internal(dice, issue) {
    const content = unique(INTERNAL_HERE);
    const fields = { content, internal: true };
    return comment(issue, anyStaff(dice), `/api/issues/${issue.id}/add_comment/`, fields, content, true);
  },
  async reply(dice, issue) {
    if (!issue.customer) {
      return 0;
    }
    const content = unique('Customer');
    const path = `/api/client/issues/${issue.id}/comment/`;
    return comment(issue, run.people[issue.customer], path, { comment: content }, content, false);
  },
  edit_comment: (dice, issue) => changeComment(dice, issue, 'PATCH', unique('Corrected')),
  withdraw_comment: (dice, issue) => changeComment(dice, issue, 'DELETE'),
  /** A customer corrects what they raised, or gives it up. */
  async correct(dice, issue) {
    if (!issue.customer) {
      return 0;
    }
    const field = dice.of(['title', 'description', 'priority']);
    const value = field === 'priority' ? dice.of(PRIORITIES) : unique('Mine');
    const { status } = await run.people[issue.customer]
      .call('PATCH', `/api/issues/${issue.id}/`, { [field]: value });
    if (status === 200) {
      promise(issue, field, value);
    }
    return status;
  },
  async give_up(dice, issue) {
    if (!issue.customer) {
      return 0;
    }
    const { status } = await run.people[issue.customer].call('POST', `/api/issues/${issue.id}/close/`, {});
    if (status === 200) {
      promise(issue, 'status', 'closed');
    }
    return status;
  },
  ...files.here,
  async remove(dice, issue) {
    const { status } = await run.people.sahel.call('DELETE', `/api/issues/${issue.id}/`);
    // a lost answer may have been a success
    issue.deleted = status === 204 ? 'yes' : 'maybe';
    return status;
  },
  push: async (dice, issue) => (await staff(dice, 'POST', issue, 'sync_to_linear/')).status,
  pull: async (dice, issue) => (await staff(dice, 'POST', issue, 'sync_from_linear/')).status,
  async bulk(dice) {
    const ids = Array.from({ length: 4 }, () => dice.of(run.issues).id);
    return (await run.people.sahel.call('POST', '/api/issues/bulk_sync_to_linear/', {
      issue_ids: [...new Set(ids)],
    })).status;
  },
  async fetch(dice, issue, limit = 20) {
    const { status, body } = await run.people.sahel
      .call('GET', `/api/issues/fetch_from_linear/?sync=true&limit=${limit}`);
    if (status === 200) {
      body.synced_issues.filter((i) => run.born.has(i.linear_id) && i.issue_id
        && !run.issues.some(({ id }) => id === i.issue_id))
        .forEach((i) => run.issues.push(issueOf({ id: i.issue_id, linear: i.linear_id })));
    }
    return status;
  },
};

/* --- in Linear --------------------------------------------------------------------------- */

/** Records the acknowledged value of a field in Linear with its time; the latest counts. */
function tell(issue, field, value, at) {
  const known = issue.told[field];
  if (!known || at > known.at) {
    issue.told[field] = { at, values: [value] };
  } else if (at === known.at) {
    known.values.push(value);
  }
}

const deed = (issue, fields) => linear.act({ issue: issue.linear, ...fields });

async function edit(dice, issue, field, value) {
  const { issue: is } = await deed(issue, {
    do: 'edit', [field]: value, as: dice.next() < 0.2 ? 'automation' : undefined,
  });
  tell(issue, field, value, is.updatedAt);
}

async function move(issue, fields) {
  const { issue: is } = await deed(issue, fields);
  tell(issue, 'state', is.state.type, is.updatedAt);
}

const AUTHORS = ['ann@example.com', 'erin@example.com', 'bot', 'external', 'automation'];

async function pick(dice, issue, wanted) {
  const { comments } = await linear.issue(issue.linear);
  const all = comments.flatMap((c) => [c, ...c.children]).filter(wanted);
  return all.length > 0 ? dice.of(all) : null;
}

const isTheirs = (c) => c.user !== 'docket@example.com';
const isThread = (c) => !isTheirs(c) && c.body.startsWith(THREAD);

const there = {
  async create() {
    const { row } = await linear.act({
      do: 'create', team: 'TOO', title: unique('Born'), description: unique('There'), state: 'Todo',
    });
    run.born.add(row.id);
  },
  title: (dice, issue) => edit(dice, issue, 'title', maybeLong(dice, unique('Theirs'), 300)),
  description: (dice, issue) => edit(dice, issue, 'description', maybeLong(dice, unique('Their description'), 21000)),
  priority: (dice, issue) => edit(dice, issue, 'priority', dice.below(5)),
  assignee: (dice, issue) => edit(dice, issue, 'assignee', dice.of([...STAFF, 'ann@example.com', null])),
  move: (dice, issue) => move(issue, {
    do: 'move', state: dice.of(STATES), as: dice.next() < 0.3 ? 'automation' : undefined,
  }),
  duplicate: (dice, issue) => move(issue, { do: 'duplicate' }),
  team: (dice, issue) => deed(issue, { do: 'move_team', team: dice.of(['TOO', 'OTH']) }),
  async shared(dice, issue) {
    const thread = await pick(dice, issue, isThread);
    return thread && deed(issue, {
      do: 'comment', body: maybeLong(dice, unique('Shared'), 11000), thread: thread.id, as: dice.of(AUTHORS),
    });
  },
  internal: (dice, issue) => (
    deed(issue, { do: 'comment', body: unique(INTERNAL_THERE), as: dice.of(AUTHORS) })),
  async picture(dice, issue) {
    const thread = await pick(dice, issue, isThread);
    const shared = thread && dice.next() < 0.7;
    return deed(issue, {
      do: 'comment',
      body: await files.withPicture(shared ? 'Shared' : INTERNAL_THERE),
      thread: shared ? thread.id : undefined,
      as: dice.of(AUTHORS),
    });
  },
  /** A thread that is not the customer's. */
  async aside(dice, issue) {
    const root = await pick(dice, issue, (c) => isTheirs(c) && !c.parentId);
    return root && deed(issue, { do: 'comment', body: unique(INTERNAL_THERE), thread: root.id });
  },
  async edit_comment(dice, issue) {
    const one = await pick(dice, issue, isTheirs);
    const mark = one && one.body.includes(INTERNAL_THERE) ? INTERNAL_THERE : 'Edited';
    const body = dice.next() < 0.2 ? await files.withPicture(mark) : unique(mark);
    return one && linear.act({ do: 'edit_comment', comment: one.id, body });
  },
  /** Somebody in Linear edits a comment of ours. */
  async edit_ours(dice, issue) {
    const one = await pick(dice, issue, (c) => !isTheirs(c) && c.parentId);
    issue.blurred = true;
    return one && linear.act({ do: 'edit_comment', comment: one.id, body: unique('Overwritten') });
  },
  async delete_comment(dice, issue) {
    const one = await pick(dice, issue, isTheirs);
    return one && linear.act({ do: 'delete_comment', comment: one.id });
  },
  async delete_thread(dice, issue) {
    const thread = await pick(dice, issue, isThread);
    issue.blurred = true;
    return thread && linear.act({ do: 'delete_comment', comment: thread.id });
  },
  archive: (dice, issue) => deed(issue, { do: 'archive' }),
  unarchive: (dice, issue) => deed(issue, { do: 'unarchive' }),
  trash: (dice, issue) => deed(issue, { do: 'trash' }),
  delete: (dice, issue) => deed(issue, { do: 'delete' }),
};

/* --- who does what ----------------------------------------------------------------------- */

const WEIGHTS = {
  'here raise': 8, 'here title': 8, 'here description': 3, 'here priority': 6, 'here status': 8,
  'here category': 2, 'here assign': 6, 'here resolve': 4, 'here reopen': 4, 'here close': 5,
  'here comment': 8, 'here internal': 4, 'here reply': 6, 'here edit_comment': 3, 'here withdraw_comment': 1.5,
  'here attach': 3, 'here attach_comment': 3, 'here detach': 1.5, 'here correct': 3, 'here give_up': 1, 'here remove': 0.3,
  'here push': 1.5, 'here pull': 1.5, 'here bulk': 0.5, 'here fetch': 0.7,
  'there create': 0.7, 'there title': 6, 'there description': 3, 'there priority': 4,
  'there assignee': 4, 'there move': 8, 'there duplicate': 1, 'there team': 1,
  'there picture': 3, 'there shared': 6, 'there internal': 5, 'there aside': 1, 'there edit_comment': 3,
  'there edit_ours': 0.5, 'there delete_comment': 2, 'there delete_thread': 0.5,
  'there archive': 1, 'there unarchive': 2, 'there trash': 0.3, 'there delete': 0.3,
};

/** Operations that ask Linear without a change, or more than once for one; left out when the cost of
 * changes is measured. */
const ASKING = ['here push', 'here pull', 'here bulk', 'here fetch', 'here attach', 'here attach_comment', 'here detach'];
const CALM_WEIGHTS = Object.fromEntries(
  Object.entries(WEIGHTS).filter(([name]) => !ASKING.includes(name)),
);

const NEEDS_NO_ISSUE = ['raise', 'create', 'fetch'];

/** While the desk does not answer, people wait before they try again. */
const rest = (status) => sleep(status >= 500 || !status ? 100 : 0);

/** The id in Linear, once it has one. */
async function linked(issue) {
  if (issue && !issue.linear) {
    const { status, body } = await run.people.sahel.call('GET', `/api/issues/${issue.id}/`);
    if (status === 200 && body.synced_to_linear) {
      issue.linear = body.linear_issue_id;
    }
    await rest(status);
  }
  return issue && issue.linear;
}

async function note(name, status) {
  if (status >= 200 && status < 300) {
    count(name);
  } else {
    run.refused += 1;
    await rest(status);
  }
}

/** One operation of a person. */
async function operate(dice) {
  const name = dice.weighted(CALM ? CALM_WEIGHTS : WEIGHTS);
  const [side, what] = name.split(' ');
  const left = run.issues.filter(({ deleted }) => !deleted);
  const issue = left.length > 0 ? dice.of(left) : null;
  if (!issue && !NEEDS_NO_ISSUE.includes(what)) {
    return;
  }
  if (side === 'here') {
    await note(name, await here[what](dice, issue));
  } else if (what === 'create' || await linked(issue)) {
    try {
      const answer = await there[what](dice, issue);
      if (answer !== null) { // there was something to do it to
        count(name);
      }
    } catch {
      run.refused += 1; // the issue is archived or gone, or the simulator is
    }
  }
}

module.exports = {
  STAFF, STATUS_OF_TYPE, PRIORITY_OF, THREAD, here, operate,
};
