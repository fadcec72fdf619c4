/** Why runs are cancelled that an application closes over: their reason, by which those who go on with runs know them. */
export const APP_CLOSING = 'the application is closing';
