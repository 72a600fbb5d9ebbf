//! Lists of dated keys without those of older days.
//!
//! Who asks for objects that were stored since some time needs no page of a folder whose keys say that they are older: of a busy
//! bucket, these are nearly all pages. But nothing forces keys to tell the truth, so they are trusted only with evidence, and
//! with a margin:
//!
//! * A whole page is of that folder, all keys of the folder so far are dated, and each object was stored within [`TOLERANCE`] of
//!   its date. A folder that is too small for that is listed as a whole, and so is a bucket that somebody has copied.
//! * Only days are left out that are older than the time by [`MARGIN`].
//! * All keys of the folder after these days are such as well. If not, the days are listed after all.
//!
//! What remains is an old object that was stored again in the middle of a folder where nothing else looks like that. Callers get
//! the names of the folders ([`Listed::skipped`]), so that nobody takes a list for complete that may not be.

use crate::dated::{DAY, Dated, date};
use crate::object::Object;
use crate::page_token::PageToken;

/// How long before or after its date an object may be stored: some hours of delay, and the time zone of whoever names it.
const TOLERANCE: i64 = DAY;

/// How much older than the wanted time a day has to be to be left out.
const MARGIN: i64 = 7 * DAY;

/// How many pages are kept until the end of a folder shows whether its keys can be trusted. As many pages of such keys are
/// evidence enough.
const MAX_HELD: usize = 100;

/// Objects of a list.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Listed {
    /// The objects, in the order of their keys.
    pub objects: Vec<Object>,
    /// The start of the keys of a folder whose older days were left out, once for each such folder.
    pub skipped: Option<String>,
}

impl From<Vec<Object>> for Listed {
    fn from(objects: Vec<Object>) -> Self {
        Self { objects, skipped: None }
    }
}

/// A place in a list: the start of the next page, and the last key before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) token: PageToken,
    pub(crate) last: String,
}

/// Decides which pages are left out.
#[derive(Debug, Default)]
pub(crate) struct Skipper {
    /// The first date to list; without one, nothing is left out.
    first_date: Option<String>,
    /// The folder whose older days were left out last, while there is no end of it.
    folder: Option<SkippedFolder>,
    /// A folder whose keys are not to be trusted.
    untrusted: Option<String>,
}

#[derive(Debug)]
struct SkippedFolder {
    /// What its keys start with.
    name: String,
    /// The keys up to here were left out, …
    until: String,
    /// … and this is where they start.
    back: Place,
    held: Vec<Listed>,
}

impl Skipper {
    /// Leaves out what is older than `since`, in seconds since 1970.
    pub(crate) fn new(since: Option<i64>) -> Self {
        let first_date = since.and_then(|since| date(since.saturating_sub(MARGIN)));
        Self { first_date, ..Self::default() }
    }

    /// Takes a page. Returns the pages that are listed by now, and the place to go on from, which is `next` if nothing is left
    /// out; `None` at the end.
    pub(crate) fn page(&mut self, objects: Vec<Object>, next: Option<Place>) -> (Vec<Listed>, Option<Place>) {
        if let Some(folder) = self.folder.take() {
            return self.page_of(folder, objects, next);
        }
        let next = next.map(|next| self.skip(&objects, next));
        (vec![objects.into()], next)
    }

    /// Returns the place to go on from if a page could not be read as usual, so that nothing is left out because of what comes
    /// next.
    pub(crate) fn go_back(&mut self) -> Option<Place> {
        let SkippedFolder { name, back, .. } = self.folder.take()?;
        self.untrusted = Some(name);
        Some(back)
    }

    /// Returns the pages that were kept, as there are no others.
    pub(crate) fn give_up(&mut self) -> Vec<Listed> {
        self.folder.take().map(|folder| folder.held).unwrap_or_default()
    }

    /// Returns the first place that is needed after a page and `next`.
    fn skip(&mut self, objects: &[Object], next: Place) -> Place {
        let Some((name, until)) = self.folder_to_skip(objects, &next) else {
            self.distrust(objects);
            return next;
        };
        let place = Place { token: PageToken::From(until.clone()), last: until.clone() };
        self.folder = Some(SkippedFolder { name, until, back: next, held: Vec::new() });
        place
    }

    /// Notes that the folder which a page ends in has other keys than dated ones.
    fn distrust(&mut self, objects: &[Object]) {
        let Some(last) = objects.last().map(Object::key) else { return };
        let folder = last.rfind('/').map_or("", |slash| &last[..=slash]);
        let mut inside = objects.iter().filter(|object| is_among(object.key(), folder));
        if !inside.all(|object| is_regular(object, folder)) {
            self.untrusted = Some(folder.to_owned());
        }
    }

    /// Returns the folder that a whole page is of, and where its older days end, if these can be left out.
    fn folder_to_skip(&self, objects: &[Object], next: &Place) -> Option<(String, String)> {
        let first_date = self.first_date.as_ref()?;
        let name = Dated::parse(objects.first()?.key())?.folder;
        if self.untrusted.as_deref() == Some(name) || !objects.iter().all(|object| is_regular(object, name)) {
            return None;
        }
        let until = format!("{name}{first_date}");
        (next.last < until).then(|| (name.to_owned(), until))
    }

    /// Takes a page after the days of `folder` that were left out.
    fn page_of(
        &mut self,
        mut folder: SkippedFolder,
        objects: Vec<Object>,
        next: Option<Place>,
    ) -> (Vec<Listed>, Option<Place>) {
        let in_folder = |object: &&Object| is_among(object.key(), &folder.name);
        let inside = objects.iter().take_while(in_folder).count();
        // A server that does not know where to start starts from the first key.
        let is_trusted = objects[..inside]
            .iter()
            .all(|object| is_regular(object, &folder.name) && object.key() > folder.until.as_str())
            && objects.get(inside).is_none_or(|object| object.key() > folder.until.as_str());
        if !is_trusted {
            self.untrusted = Some(folder.name);
            return (Vec::new(), Some(folder.back));
        }
        let is_over = inside < objects.len() || next.is_none() || folder.held.len() >= MAX_HELD;
        if is_over {
            // The page may go on with another folder.
            self.untrusted = Some(folder.name.clone());
            self.distrust(&objects);
        }
        folder.held.push(objects.into());
        if !is_over {
            self.folder = Some(folder);
            return (Vec::new(), next);
        }
        let SkippedFolder { name, mut held, .. } = folder;
        if let Some(first) = held.first_mut() {
            first.skipped = Some(name);
        }
        (held, next)
    }
}

/// Whether a key is of a folder, or of one below it whose keys are sorted among those that start with a date.
fn is_among(key: &str, folder: &str) -> bool {
    let Some(rest) = key.strip_prefix(folder) else { return false };
    !rest.contains('/') || rest.starts_with(|first: char| first <= '9')
}

/// Whether an object has a dated key of this folder, and was stored at about that time.
fn is_regular(object: &Object, folder: &str) -> bool {
    let Some(dated) = Dated::parse(object.key()).filter(|dated| dated.folder == folder) else { return false };
    object.modified.is_some_and(|stored| stored.abs_diff(dated.time) <= TOLERANCE.unsigned_abs())
}

#[cfg(test)]
mod tests;
