/** Every text of the form fields, to translate in one place. */
export const messages = {
	eventFirst: 'Choose the event first. A new event is saved before what belongs to it is chosen.',
	organizationFirst: 'Choose an organization: without one it cannot be saved.',
};
