/** The project Patchbay names where it answers the Gemini CLI's start-up calls itself: no project of Google's. */
export const localProject = 'patchbay-local'
