"""A city's money as pictures: where it goes, what is claimed, admitted and disputed, what a piece of work costs."""
