//! A sign of life on a terminal while work takes long; it knows nothing of the work, and nothing of it goes anywhere else.

use std::io::{self, IsTerminal as _};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Nobody waits for what is done before this.
const PATIENCE: Duration = Duration::from_millis(500);

/// A spinner, until it is dropped.
#[derive(Debug, Default)]
pub struct Progress(Option<(Sender<()>, JoinHandle<()>)>);

impl Progress {
    /// Says `what` is being done once it takes long, if stderr is a terminal that somebody may look at.
    pub fn start(what: String, quiet: bool) -> Self {
        let is_watched = io::stderr().is_terminal() && std::env::var_os("CI").is_none();
        if quiet || !is_watched {
            return Self::default();
        }
        let (done, wait) = mpsc::channel::<()>();
        let thread = thread::spawn(move || {
            if wait.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
                bar.set_style(style);
            }
            bar.set_message(what);
            bar.enable_steady_tick(Duration::from_millis(100));
            // Whoever waits is told by the other end that goes away.
            let _ = wait.recv();
            bar.finish_and_clear();
        });
        Self(Some((done, thread)))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, thread)) = self.0.take() {
            drop(done);
            let _ = thread.join();
        }
    }
}
