"""How tests start programs: with the signal handling that is tested, whatever pytest itself was started with."""

import signal

_TESTED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGPIPE)


def default_signals() -> None:
    """Let no signal be ignored or blocked in the child; for `preexec_fn`.

    A suite that runs in the background of a shell, or under nohup, ignores SIGINT or SIGHUP, and children inherit that.
    """
    for number in _TESTED:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
