"""People on their way out: which facts can be chosen (`catalogue`), how the base tells them (`streaming`), and the file
or the archive of files that is made of them (`making`)."""
