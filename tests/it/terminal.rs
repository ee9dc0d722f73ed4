//! A terminal of our own: `entail` on its other end, keys in, the screen as a person would see it out.

use crate::command::Folder;
use expectrl::process::unix::WaitStatus;
use expectrl::session::OsSession;
use std::num::NonZeroU16;
use std::time::{Duration, Instant};

/// How long something on the screen is waited for: machines that run tests can be slow.
const PATIENCE: Duration = Duration::from_secs(30);

/// `entail`, started in a terminal.
pub(crate) struct Terminal {
    session: OsSession,
    screen: vt100::Parser,
}

impl Terminal {
    /// Starts `entail` in a folder; its home is a folder below.
    pub(crate) fn start(folder: &Folder, args: &[&str], variables: &[(&str, &str)]) -> Terminal {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_entail"));
        command.args(args).current_dir(folder.path(""));
        command.env_remove("XDG_STATE_HOME").env_remove("XDG_CONFIG_HOME").env_remove("ENTAIL_HISTORY");
        command
            .env("HOME", folder.path("home"))
            .env("TERM", "xterm")
            .env("RUST_BACKTRACE", "0")
            .env_remove("NO_COLOR")
            .env_remove("COLUMNS");
        for (name, value) in variables {
            if value.is_empty() {
                command.env_remove(name)
            } else {
                command.env(name, value)
            };
        }
        let mut session = OsSession::spawn(command).expect("a terminal");
        session.get_process_mut().set_window_size(100, 60).expect("a size");
        Terminal { session, screen: vt100::Parser::new(size(60), size(100), 0) }
    }

    /// Types.
    pub(crate) fn keys(&mut self, keys: &str) {
        expectrl::Expect::send(&mut self.session, keys).expect("the terminal takes keys");
    }

    /// Types a line, once the prompt is there to take it.
    pub(crate) fn line(&mut self, line: &str) {
        self.wait_for_prompt();
        self.keys(line);
        let end = line.lines().last().unwrap_or_default().to_owned();
        self.wait_until(&end, |screen| screen.trim_end().ends_with(&end));
        let row = self.last_line();
        self.keys("\r");
        let start = Instant::now();
        // On the last row of the screen it stays where it is.
        while self.last_line() == row && start.elapsed() < Duration::from_millis(300) {
            self.read();
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Changes the size of the window.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.session.get_process_mut().set_window_size(columns, rows).expect("a size");
        self.screen.screen_mut().set_size(size(rows), size(columns));
    }

    /// What is on the screen.
    pub(crate) fn screen(&self) -> String {
        self.screen.screen().contents()
    }

    /// The line that the cursor is on.
    pub(crate) fn last_line(&self) -> u16 {
        self.screen.screen().cursor_position().0
    }

    /// The colour of what stands in a cell.
    pub(crate) fn cell_colour(&self, row: u16, column: u16) -> vt100::Color {
        self.screen.screen().cell(row, column).expect("a cell of the screen").fgcolor()
    }

    /// Waits until a text is on the screen. Returns the screen.
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        self.wait_until(text, |screen| screen.contains(text))
    }

    /// Waits until the last line is a prompt with nothing behind it.
    pub(crate) fn wait_for_prompt(&mut self) -> String {
        let is_prompt = |line: &str| line == ">" || (line.starts_with("assuming ") && line.ends_with('>'));
        self.wait_until("a prompt", |screen| screen.lines().last().is_some_and(|line| is_prompt(line.trim_end())))
    }

    /// Waits until the screen is as it should be. Returns it.
    pub(crate) fn wait_until(&mut self, what: &str, is_there: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            self.read();
            let screen = self.screen();
            if is_there(&screen) {
                return screen;
            }
            assert!(start.elapsed() < PATIENCE, "no {what} on the screen:\n{screen}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn read(&mut self) {
        let mut bytes = [0; 1 << 16];
        while let Ok(count @ 1..) = self.session.try_read(&mut bytes) {
            self.screen.process(&bytes[..count]);
        }
    }

    /// Waits for the end. Returns the exit code.
    pub(crate) fn end(mut self) -> (i32, String) {
        let start = Instant::now();
        loop {
            self.read();
            match self.session.get_process().status().expect("a process") {
                WaitStatus::Exited(_, code) => {
                    self.read();
                    return (code, self.screen());
                }
                WaitStatus::Signaled(_, signal, _) => panic!("ended by {signal}"),
                _ => assert!(start.elapsed() < PATIENCE, "it does not end:\n{}", self.screen()),
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn size(cells: u16) -> NonZeroU16 {
    NonZeroU16::new(cells).expect("a terminal has cells")
}
