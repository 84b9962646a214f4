//! Groups among many texts at once: equal ones, and near-identical ones for honest measuring. It
//! keeps no index beyond the call.

use std::collections::HashMap;

use super::fingerprint::{Fingerprints, fingerprint, letters, select_terms};

/// Groups of two or more texts equal after removing everything but letters and digits; indices
/// into `texts`, groups in order of their first member. Texts without letters are never grouped.
pub fn group_equal<S: AsRef<str>>(texts: &[S]) -> Vec<Vec<usize>> {
    let mut by_letters: HashMap<Vec<char>, Vec<usize>> = HashMap::new();
    for (index, text) in texts.iter().enumerate() {
        let letters = letters(text.as_ref());
        if !letters.is_empty() {
            by_letters.entry(letters).or_default().push(index);
        }
    }
    in_order(by_letters.into_values())
}

/// Groups of two or more near-identical texts (half of the shorter one's shingles stand in the
/// other), joined transitively.
pub fn group_near<S: AsRef<str>>(texts: &[S]) -> Vec<Vec<usize>> {
    const ALIKE: f64 = 0.5;
    /// More documents share a term than a group is likely to have.
    const COMMON: usize = 200;
    let prints: Vec<Fingerprints> = texts.iter().map(|t| fingerprint(t.as_ref())).collect();
    let mut holders: HashMap<u64, Vec<usize>> = HashMap::new();
    for (index, print) in prints.iter().enumerate() {
        for term in &print.terms {
            holders.entry(*term).or_default().push(index);
        }
    }
    let df = |term: u64| holders.get(&term).map_or(0, |h| if h.len() > 1 { h.len() as u64 } else { 0 });
    let mut parent: Vec<usize> = (0..texts.len()).collect();
    fn root(parent: &mut [usize], mut i: usize) -> usize {
        while parent[i] != i {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }
        i
    }
    for (index, print) in prints.iter().enumerate() {
        let mut candidates: Vec<usize> = select_terms(print, &df, 24)
            .into_iter()
            .filter_map(|term| holders.get(&term))
            .filter(|h| h.len() <= COMMON)
            .flatten()
            .copied()
            .filter(|other| *other > index)
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        for other in candidates {
            if print.alike(&prints[other]) >= ALIKE {
                let (a, b) = (root(&mut parent, index), root(&mut parent, other));
                parent[a.max(b)] = a.min(b);
            }
        }
    }
    let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
    for index in 0..texts.len() {
        groups.entry(root(&mut parent, index)).or_default().push(index);
    }
    in_order(groups.into_values())
}

fn in_order(groups: impl Iterator<Item = Vec<usize>>) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = groups.filter(|g| g.len() > 1).collect();
    groups.sort_unstable();
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_grouped_and_empty_ones_are_not() {
        let texts = ["路灯不亮。", "路灯不亮", "……", "井盖丢失", "路 灯,不亮!", "!!", "井盖丢失了"];
        assert_eq!(group_equal(&texts), [[0, 1, 4]]);
    }

    #[test]
    fn near_texts_are_grouped() {
        let texts = [
            "小区门口的路灯坏了三个月没有人修,晚上老人出门很不方便,请尽快处理。",
            "食堂饭菜价格太高。",
            "小区门口的路灯坏了三个月也没有人修,晚上老人出门很不方便,请尽快处理!谢谢。",
        ];
        assert_eq!(group_near(&texts), [[0, 2]]);
    }
}
