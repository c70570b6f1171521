//! Whether a definition of another chunk is one that was met before.

use super::definition::Name;
use super::header::u32_at;

/// Where a definition has the offset of the next one in a table.
const NEXT: usize = 0;

/// What two definitions of one meaning have in common.
#[derive(Debug)]
pub struct Likeness {
    /// The definition with zeros where offsets in the chunk stand.
    blank: Box<[u8]>,
    /// Where these stand, four bytes each.
    offsets: Box<[usize]>,
    references: Vec<Reference>,
}

/// A place where the definition refers to a name.
#[derive(Debug)]
struct Reference {
    name: Name,
    /// An earlier reference to the same characters: where both point to one place, one look is enough.
    like: Option<usize>,
}

/// Where a definition is compared. Reused from one to the next.
#[derive(Debug, Default)]
pub struct Room {
    bytes: Vec<u8>,
    targets: Vec<usize>,
}

impl Likeness {
    /// Of a definition with these bytes and names.
    pub fn of(definition: &[u8], names: Vec<Name>) -> Likeness {
        // A name that follows its reference begins with the offset of the next one in a table.
        let places = |name: &Name| [Some(name.reference), name.is_inline().then_some(name.reference + 4)];
        let offsets: Box<[usize]> = [NEXT].into_iter().chain(names.iter().flat_map(places).flatten()).collect();
        let mut blank = definition.to_vec();
        blank_out(&mut blank, &offsets);
        let like = |at: usize| names[..at].iter().rposition(|earlier| earlier.bytes == names[at].bytes);
        let likes: Vec<Option<usize>> = (0..names.len()).map(like).collect();
        let references = names.into_iter().zip(likes).map(|(name, like)| Reference { name, like }).collect();
        Likeness { blank: blank.into(), offsets, references }
    }

    /// True when the definition at `at` of another chunk means the same: its bytes are equal but for the
    /// offsets of names and of what comes next in a table, which are offsets in the chunk, and every name
    /// it refers to is equal. The GUID says too little: computer and channel are literal text in the
    /// template.
    pub fn fits(&self, chunk: &[u8], at: usize, room: &mut Room) -> bool {
        let Some(here) = at.checked_add(self.blank.len()).and_then(|end| chunk.get(at..end)) else { return false };
        room.bytes.clear();
        room.bytes.extend_from_slice(here);
        blank_out(&mut room.bytes, &self.offsets);
        if *room.bytes != *self.blank {
            return false;
        }
        room.targets.clear();
        self.references.iter().all(|reference| {
            let Some(target) = u32_at(here, reference.name.reference) else { return false };
            let target = target as usize;
            let same = reference.names_same(chunk, at, target, &room.targets);
            room.targets.push(target);
            same
        })
    }
}

/// Writes zeros where offsets in the chunk stand.
fn blank_out(definition: &mut [u8], offsets: &[usize]) {
    for at in offsets {
        if let Some(place) = definition.get_mut(*at..).and_then(<[u8]>::first_chunk_mut::<4>) {
            *place = [0; 4];
        }
    }
}

impl Reference {
    /// True when the same name stands at `target`; the definition stands at `at`, and its earlier references
    /// have these targets and names that are the same.
    fn names_same(&self, chunk: &[u8], at: usize, target: usize, before: &[usize]) -> bool {
        let name = &self.name;
        match name.inside {
            Some(inside) => target == at + inside,
            None => {
                let is_known = self.like.is_some_and(|like| before.get(like) == Some(&target));
                target != at + name.reference + 4 && (is_known || is_name(chunk, target, &name.bytes))
            }
        }
    }
}

/// True when these characters, with their number in front, are the name at `at`.
fn is_name(chunk: &[u8], at: usize, bytes: &[u8]) -> bool {
    at.checked_add(6).is_some_and(|at| chunk.get(at..at + bytes.len()) == Some(bytes))
}
