import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { capture } from './captured.js';
import { parseAccess } from './form.js';
import { at, declaredAccess, liveAccess, MEMBER, OPERATOR, PUBLISHED, STAFF } from './test-access.js';
import { leadingComment, writeAccess } from './text.js';

const CANONICAL = `# Who may do what.

# Second paragraph.
roles:
  - id: ${OPERATOR}
    name: Operator
    icon: supervised_user_circle
    description: null
    parent: ${STAFF} # Staff
    policies: []
  - id: ${STAFF}
    name: Staff
    icon: supervised_user_circle
    description: null
    parent: null
    policies:
      - ${MEMBER} # Member
      - ${PUBLISHED} # Published
public:
  - ${PUBLISHED} # Published
policies:
  - id: ${PUBLISHED}
    name: Published
    icon: badge
    description: null
    app_access: false
    admin_access: false
    enforce_tfa: false
    permissions:
      events:
        read:
          fields: [id]
          filter: {status: {_eq: live}}
  - id: ${MEMBER}
    name: Member
    icon: badge
    description: null
    app_access: true
    admin_access: false
    enforce_tfa: false
    permissions:
      events:
        read:
          fields: ['*']
          filter: null
        delete:
          filter: null
`;

describe('writeAccess', () => {
	it('writes the canonical form, and gives a canonical file back as it is', () => {
		const text = writeAccess(declaredAccess(), leadingComment(CANONICAL));
		expect(text).toBe(CANONICAL);
		expect(writeAccess(parseAccess('x', load(text)), leadingComment(text))).toBe(text);
	});

	it('keeps long lines and repeated parts on one line each, and what YAML would take for something else as text', () => {
		const file = declaredAccess();
		const filter = { name: { _in: ['yes', '1', 'a: b', '# c', 'x'.repeat(200), 'two\nlines', '$CURRENT_USER'] } };
		at(file.policies, 0).permissions['events'] = {
			create: { fields: ['id'], filter, validation: filter, presets: { name: null } },
			read: { fields: ['id'], filter, validation: null, presets: null },
		};
		const text = writeAccess(file, '');

		expect(parseAccess('x', load(text))).toEqual(file);
		expect(text.split('\n').filter((line) => line.includes('filter: {name'))).toHaveLength(2);
		expect(text).not.toContain('&ref');
	});
});

describe('capture', () => {
	it('gives back a file that was applied', () => {
		const { file, missing, left } = capture(declaredAccess(), liveAccess());
		expect(writeAccess(file, leadingComment(CANONICAL))).toBe(CANONICAL);
		expect([...missing, ...left]).toEqual([]);
	});

	it('keeps the spelling and order of what is equal', () => {
		const declared = declaredAccess();
		const published = { fields: ['id'], validation: null, presets: null };
		at(declared.policies, 0).permissions = {
			events: { read: { ...published, filter: { _and: [], status: { _eq: 'live' } } } },
		};
		at(declared.policies, 1).permissions = {
			vehicles: { read: { fields: [], filter: {}, validation: null, presets: null } },
			...at(declared.policies, 1).permissions,
		};
		const live = liveAccess();
		at(live.permissions, 0).permissions = { status: { _eq: 'live' }, _and: [] };
		live.permissions.push({ ...at(live.permissions, 1), id: 9, collection: 'vehicles', fields: null });

		expect(capture(declared, live).file).toEqual(declared);
	});

	it('takes what was changed and added in the database, and says what it cannot', () => {
		const live = liveAccess();
		live.roles.splice(1, 1);
		at(live.policies, 0).icon = 'public';
		at(live.permissions, 0).permissions = null;
		live.permissions.push({ ...at(live.permissions, 1), id: 8, collection: 'vehicles', fields: ['make'] });
		live.permissions.push({ ...at(live.permissions, 1), id: 9 });
		live.links.push({ id: 'x', role: STAFF, user: null, policy: 'by-hand', sort: 0 });
		const { file, missing, left } = capture(declaredAccess(), live);

		expect(file.roles.map(({ name, policies }) => [name, policies])).toEqual([['Staff', [MEMBER, PUBLISHED]]]);
		expect(file.policies[0]).toMatchObject({ icon: 'public', permissions: { events: { read: { filter: null } } } });
		expect(file.policies[1]?.permissions['vehicles']).toEqual({
			read: { fields: ['make'], filter: null, validation: null, presets: null },
		});
		expect(missing).toEqual(['Operator']);
		expect(left).toEqual(['a second permission for events.read of "Member"']);
	});
});
