/**
 * Why runs are cancelled that an application closes over. By its class those who go on with runs know them: no text that
 * somebody cancels a run with can be taken for it.
 */
export class AppClosing extends Error {
  override readonly name = 'AppClosing';

  constructor() {
    super('the application is closing');
  }
}
