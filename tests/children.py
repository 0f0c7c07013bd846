"""How tests start programs: with the signals that they are tested with, whatever pytest itself was started with."""

import signal

_TESTED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGPIPE)


def default_signals() -> None:
    """For `preexec_fn`: no signal is ignored or blocked in the child.

    A suite that runs in the background of a shell, or under nohup, ignores SIGINT or SIGHUP, and children inherit that.
    """
    for number in _TESTED:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
