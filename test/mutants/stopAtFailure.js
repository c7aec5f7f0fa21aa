/** For a run of tests that is only asked whether it fails: it ends with the first failure. */
export default class StopAtFailure {
  onTestCaseResult(_test, result) {
    if (result.status === 'failed') process.exit(1);
  }
}
