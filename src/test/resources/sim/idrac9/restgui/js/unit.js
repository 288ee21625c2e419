// Cacheable for a day: a copy that outlives a switch to another unit gives the wrong name away.
window.unitTag = '@TAG@';
