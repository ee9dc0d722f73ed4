//! Explanations as pages, opened in a browser: they fold, their links lead somewhere, and nothing in them is obeyed.

use crate::browser::Browser;
use crate::command::{Folder, Ran, shipped};
use serde_json::{Value, json};

/// The article's conclusion.
const CONCLUSION: &str = "diversifying_away(russia, western_europe)";

#[test]
fn a_page_folds_and_unfolds() {
    let Some((mut browser, _folder)) = opened(&[&shipped("facts"), &shipped("rules"), CONCLUSION]) else { return };
    // The conclusion is open from the start, the rows of a long aggregate are not.
    assert_eq!(browser.look("document.querySelector('#n0 > details').open"), json!(true));
    let rows = "[...document.querySelectorAll('li.exact > details')].find(it => it.textContent.includes('count'))";
    assert_eq!(browser.look(&format!("{rows}.open")), json!(false));
    assert_eq!(browser.look("document.querySelector('#n1').checkVisibility()"), json!(true));
    browser.click("#n0 > details > summary > .said");
    browser.wait_until("!document.querySelector('#n0 > details').open");
    let hidden = "document.querySelector('#n1').checkVisibility({contentVisibilityAuto: true})";
    assert_eq!(browser.look(hidden), json!(false));
    browser.click("#n0 > details > summary > .said");
    browser.wait_until(&format!("document.querySelector('#n0 > details').open && {hidden}"));
}

#[test]
fn a_mark_leads_to_its_footnote_and_back() {
    let Some((mut browser, _folder)) = opened(&[&shipped("facts"), &shipped("rules"), "new_tie(russia, india)"]) else {
        return;
    };
    let color = "getComputedStyle(document.querySelector('#s1')).backgroundColor";
    let before = browser.look(color);
    browser.click("a.mark[href=\"#s1\"]");
    browser.wait_until("location.hash === '#s1' && document.querySelector(':target').id === 's1'");
    assert_ne!(browser.look(color), before, "the footnote does not stand out");
    browser.click("#s1 .backs a");
    browser.wait_until("location.hash === '#m1-1' && document.querySelector(':target').textContent === '[1]'");
}

#[test]
fn every_link_leads_somewhere_and_unfolds_what_it_leads_to() {
    let Some((mut browser, _folder)) = opened(&[&shipped("facts"), &shipped("rules"), CONCLUSION]) else { return };
    let lost = "[...document.querySelectorAll('a')].map(it => it.getAttribute('href'))
        .filter(it => !it.startsWith('#') || !document.getElementById(it.slice(1)))";
    assert_eq!(browser.look(lost), json!([]));
    let twice = "(() => { const ids = [...document.querySelectorAll('[id]')].map(it => it.id);
        return ids.length - new Set(ids).size; })()";
    assert_eq!(browser.look(twice), json!(0));
    let folded = "[...document.querySelectorAll('[id^=n]')].find(it => !it.checkVisibility()).id";
    let folded = browser.look(folded).as_str().expect("something is folded").to_owned();
    browser.look(&format!("location.hash = '{folded}'"));
    browser.wait_until(&format!("document.getElementById('{folded}').checkVisibility()"));
}

#[test]
fn a_printed_page_shows_what_is_folded() {
    let Some((mut browser, _folder)) = opened(&[&shipped("facts"), &shipped("rules"), CONCLUSION]) else { return };
    browser.look("document.querySelectorAll('details').forEach(it => it.open = false)");
    let hidden = "[...document.querySelectorAll('main li')].filter(it => !it.getClientRects().length
        || it.getBoundingClientRect().height === 0).length";
    let seen = "document.querySelector('#n1').checkVisibility()";
    assert_eq!(browser.look(seen), json!(false));
    browser.order("Emulation.setEmulatedMedia", json!({"media": "print"}));
    assert_eq!((browser.look(hidden), browser.look(seen)), (json!(0), json!(true)));
}

#[test]
fn a_page_fetches_nothing() {
    let Some((browser, _folder)) = opened(&[&shipped("facts"), &shipped("rules"), CONCLUSION]) else { return };
    assert!(matches!(&browser.fetched[..], [page] if page.ends_with("/page.html")), "{:?}", browser.fetched);
}

#[test]
fn a_script_in_a_symbol_does_nothing() {
    let program = r#"
        /// {x} is <b>bold</b> & "quoted".
        .decl p(x: symbol)
        p(X) :- q(X) @ _, not r("<img src=x onerror=document.title='not'>", X), 1 = count : { q(X) }.
        q("<script>document.title = 'obeyed'</script>") @ "</ol><script>document.title = 'cited'</script>".
        r(a, b).
        .decl claim(claim: symbol, sentence: symbol, source: symbol, modality: symbol)
        claim("</ol><script>document.title = 'cited'</script>", s, "' onclick='document.title = 1", "<iframe src=//example.org>").
        .decl sentence(sentence: symbol, text: symbol)
        sentence(s, "--></style><style>@import '//example.org/x.css';</style><svg onload=alert(1)>").
    "#;
    let files = [("a\"><script>document.title='file'.dl", program)];
    let folder = Folder::with(&files);
    let Some(mut browser) = Browser::open() else { return };
    let page = explained(&folder, &[files[0].0, "p(X)"]);
    folder.write("page.html", &page);
    browser.go(&format!("file://{}", folder.path("page.html").display()));
    let count = |selector: &str| format!("document.querySelectorAll('{selector}').length");
    for selector in ["script", "img", "iframe", "svg", "b", "link", "[onclick]", "[onload]", "[onerror]"] {
        assert_eq!(browser.look(&count(selector)), json!(0), "{selector}");
    }
    assert_eq!(browser.look(&count("style")), json!(1));
    let title = browser.look("document.title");
    assert_eq!(title.as_str(), Some("Why p(\"<script>document.title = 'obeyed'</script>\")"));
    let said = browser.look("document.querySelector('h1').textContent");
    assert_eq!(said.as_str(), Some("<script>document.title = 'obeyed'</script> is <b>bold</b> & \"quoted\"."));
    assert_eq!(browser.fetched.len(), 1, "{:?}", browser.fetched);
    // Even a script that were there would not run.
    let blocked = "(() => { const it = document.createElement('script'); it.textContent = 'document.title = 1';
        document.body.append(it); return document.title; })()";
    assert_eq!(browser.look(blocked), title);
}

#[test]
fn a_page_is_laid_out_for_light_dark_and_narrow_screens() {
    let Some((mut browser, _folder)) = opened(&[&shipped("facts"), &shipped("rules"), CONCLUSION]) else { return };
    let paper = "getComputedStyle(document.documentElement).backgroundColor";
    let light = browser.look(paper);
    let dark = json!({"features": [{"name": "prefers-color-scheme", "value": "dark"}]});
    browser.order("Emulation.setEmulatedMedia", dark);
    assert_ne!(browser.look(paper), light);
    let beside = "document.querySelector('aside').getBoundingClientRect().left
        > document.querySelector('main').getBoundingClientRect().right";
    for (width, is_beside) in [(1360, true), (420, false)] {
        let screen = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        browser.order("Emulation.setDeviceMetricsOverride", screen);
        browser.look("document.querySelectorAll('details').forEach(it => it.open = true)");
        assert_eq!(browser.look(beside), Value::Bool(is_beside), "{width}");
        let overflows = "document.documentElement.scrollWidth > document.documentElement.clientWidth";
        assert_eq!(browser.look(overflows), json!(false), "{width}");
    }
}

/// A browser that shows the page of an explanation.
fn opened(args: &[&str]) -> Option<(Browser, Folder)> {
    let mut browser = Browser::open()?;
    let folder = Folder::with(&[]);
    let page = explained(&folder, args);
    folder.write("page.html", &page);
    browser.go(&format!("file://{}", folder.path("page.html").display()));
    Some((browser, folder))
}

fn explained(folder: &Folder, args: &[&str]) -> String {
    let Ran { code, stdout, stderr } = folder.run(&[&["explain", "--format", "html"], args].concat());
    assert_eq!(code, Some(0), "{stderr}");
    stdout
}
