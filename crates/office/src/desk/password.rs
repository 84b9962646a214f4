//! Which passwords are taken: ten characters at least, and none that everybody tries first.

/// The first guesses of every attacker, in lower case; longer ones than ten characters only.
const COMMON: &[&str] = &[
    "1234567890",
    "0123456789",
    "12345678910",
    "1q2w3e4r5t",
    "qwertyuiop",
    "1qaz2wsx3edc",
    "password123",
    "password1234",
    "passw0rd123",
    "admin12345",
    "administrator",
    "aa12345678",
    "a123456789",
    "abc1234567",
    "abcd123456",
    "qwer123456",
    "woaini1314520",
    "woaini521",
    "5201314520",
    "1111111111",
    "0000000000",
    "8888888888",
    "6666666666",
    "zxcvbnm123",
    "asdfghjkl1",
    "iloveyou123",
    "jiwei12388",
    "xinfang12345",
    "12388123881",
    "dengwen123",
    "1234567891",
    "11223344556",
];

/// Why a password is not taken, in both languages; `None` if it is.
pub fn password_fault(password: &str, user: &str) -> Option<(&'static str, &'static str)> {
    let lower = password.to_lowercase();
    if password.chars().count() < 10 {
        return Some((
            "密码至少10位，建议用几个不相干的词连起来。",
            "Ten characters at least; several unrelated words are best.",
        ));
    }
    if password.len() > seal::PASSWORD_LIMIT {
        return Some(("密码太长了，请控制在300个汉字以内。", "The password is too long (1 KiB at most)."));
    }
    let one_character = lower.chars().all(|c| lower.starts_with(c));
    if COMMON.contains(&lower.as_str()) || one_character || (!user.is_empty() && lower.contains(&user.to_lowercase())) {
        return Some((
            "这个密码太常见或含有登录名，容易被猜到，请换一个。",
            "This password is common or contains the user name; choose another.",
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::password_fault;

    #[test]
    fn short_common_and_telling_passwords_are_refused() {
        assert!(password_fault("short", "x").is_some());
        assert!(password_fault("1234567890", "x").is_some());
        assert!(password_fault("ssssssssssss", "x").is_some());
        assert!(password_fault("jingban-2026-ok", "jingban").is_some());
        assert!(password_fault("柳树下的三只灰鸭子划水", "jingban").is_none());
    }
}
