//! Use cases, one file each: the only place where the domains meet. Knows no terminal and no HTTP.
