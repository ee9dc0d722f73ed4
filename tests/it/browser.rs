//! A browser without a window, told what to do through a pair of pipes.
//!
//! It speaks the DevTools protocol: a JSON message each way, a zero byte behind it. The messages that are needed are
//! few, and no port is opened.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A browser with one page open.
pub(crate) struct Browser {
    child: Child,
    orders: ChildStdin,
    reports: BufReader<ChildStdout>,
    page: String,
    sent: u64,
    /// Every address that the page asked for.
    pub(crate) fetched: Vec<String>,
    _profile: TempDir,
}

/// Chromium, as packages call it.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Where the browser's messages come in and go out, whatever its standard streams are.
const PIPED: &str = r#"exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null"#;

impl Browser {
    /// A browser with an empty page; nothing if none is installed. Where `ENTAIL_TEST_BROWSER` is set, one has to be.
    pub(crate) fn open() -> Option<Self> {
        let installed = |name: &&str| {
            let version = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            version.is_ok_and(|status| status.success())
        };
        let found = NAMES.iter().copied().find(installed);
        if found.is_none() {
            assert!(std::env::var_os("ENTAIL_TEST_BROWSER").is_none(), "there is no Chromium to open pages with");
            eprintln!("skipped: there is no Chromium to open pages with");
        }
        Some(Self::start(found?))
    }

    fn start(name: &str) -> Self {
        let profile = tempfile::tempdir().expect("a folder");
        let mut command = Command::new("sh");
        command.args(["-c", PIPED, "sh", name, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]);
        command.args(["--disable-dev-shm-usage", "--disable-background-networking", "--remote-debugging-pipe"]);
        command.arg(format!("--user-data-dir={}", profile.path().display()));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell starts");
        let orders = child.stdin.take().expect("a pipe");
        let reports = BufReader::new(child.stdout.take().expect("a pipe"));
        let (page, fetched) = (String::new(), Vec::new());
        let mut browser = Self { child, orders, reports, page, sent: 0, fetched, _profile: profile };
        let target = browser.order("Target.createTarget", json!({"url": "about:blank"}));
        let attached = browser.order("Target.attachToTarget", json!({"targetId": target["targetId"], "flatten": true}));
        browser.page = attached["sessionId"].as_str().expect("a session").to_owned();
        browser.order("Page.enable", json!({}));
        browser.order("Network.enable", json!({}));
        browser
    }

    /// Gives an order, and waits for what comes of it.
    pub(crate) fn order(&mut self, method: &str, params: Value) -> Value {
        self.sent += 1;
        let mut message = json!({"id": self.sent, "method": method, "params": params});
        if !self.page.is_empty() {
            message["sessionId"] = json!(self.page);
        }
        self.orders.write_all(format!("{message}\0").as_bytes()).expect("the browser listens");
        loop {
            let mut report = Vec::new();
            self.reports.read_until(0, &mut report).expect("the browser answers");
            assert!(report.pop() == Some(0), "the browser went away during {method}");
            let mut report: Value = serde_json::from_slice(&report).expect("a message is JSON");
            if report["method"] == "Network.requestWillBeSent" {
                self.fetched.push(report["params"]["request"]["url"].as_str().unwrap_or_default().to_owned());
            }
            if report["id"] == self.sent {
                assert!(report["error"].is_null(), "{method}: {report}");
                return report["result"].take();
            }
        }
    }

    /// Opens an address and waits until all of it is there.
    pub(crate) fn go(&mut self, address: &str) {
        self.order("Page.navigate", json!({"url": address}));
        self.wait_until(&format!("document.readyState === 'complete' && location.href.startsWith('{address}')"));
    }

    /// What a script that looks at the page from outside finds.
    pub(crate) fn look(&mut self, script: &str) -> Value {
        let found = self.order("Runtime.evaluate", json!({"expression": script, "returnByValue": true}));
        assert!(found["exceptionDetails"].is_null(), "{script}: {found}");
        found["result"]["value"].clone()
    }

    pub(crate) fn wait_until(&mut self, condition: &str) {
        let start = Instant::now();
        while self.look(condition) != json!(true) {
            assert!(start.elapsed() < Duration::from_secs(30), "it does not come to pass: {condition}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Clicks on an element, as with a mouse.
    pub(crate) fn click(&mut self, selector: &str) {
        let place = self.look(&format!(
            "(() => {{ const it = document.querySelector('{selector}'); it.scrollIntoView({{block: 'center'}});
                const box = it.getClientRects()[0]; return [box.x + 3, box.y + box.height / 2]; }})()"
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let mouse = json!({"type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1});
            self.order("Input.dispatchMouseEvent", mouse);
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Its own way to end leaves no processes behind; whatever happens, the one that was started is gone.
        let _ = self.orders.write_all(format!("{}\0", json!({"id": 0, "method": "Browser.close"})).as_bytes());
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(5) && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
