# mutants.pl LIST check ROOT: whether each mutant's text is found exactly once in its file.
# mutants.pl LIST names: their names.
# mutants.pl LIST file NAME: the file that it changes.
# mutants.pl LIST apply NAME ROOT: puts it in.
use strict;
use warnings;

my ($list, $action, @rest) = @ARGV;
my $root = pop @rest // '';
my $name = $action eq 'file' ? $root : shift @rest;
my @mutants;
open(my $in, '<', $list) or die "$list: $!\n";
while (my $line = <$in>) {
  chomp $line;
  if ($line =~ /^@ (\S+) (\S+)$/) { push @mutants, {name => $1, file => $2, old => [], new => []}; }
  elsif ($line =~ /^-(.*)/) { push @{$mutants[-1]{old}}, $1; }
  elsif ($line =~ /^\+(.*)/) { push @{$mutants[-1]{new}}, $1; }
  elsif ($line !~ /^(#.*)?$/) { die "$list:$.: cannot be read: $line\n"; }
}

sub pattern {
  my @words = split ' ', join "\n", @{$_[0]{old}};
  my $text = join '\s+', map { quotemeta } @words;
  return qr/$text/;
}

sub named {
  my ($mutant) = grep { $_->{name} eq $name } @mutants or die "no mutant is called $name\n";
  return $mutant;
}

sub content {
  my ($file) = @_;
  open(my $source, '<', "$root/$file") or return undef;
  local $/;
  return <$source>;
}

if ($action eq 'names') {
  print "$_->{name}\n" for @mutants;
} elsif ($action eq 'check') {
  my ($bad, %seen) = (0);
  for my $mutant (@mutants) {
    my $text = content($mutant->{file});
    my $pattern = pattern($mutant);
    my $found = defined $text ? () = $text =~ /$pattern/g : 0;
    my $problem = $seen{$mutant->{name}}++ ? 'its name is given twice'
                : !@{$mutant->{old}} || !@{$mutant->{new}} ? 'has no - or no + line'
                : !defined $text ? "there is no $mutant->{file}"
                : $found != 1 ? "its text is found $found times in $mutant->{file}" : '';
    next if !$problem;
    print "$mutant->{name}: $problem\n";
    $bad = 1;
  }
  printf "%d mutants\n", scalar @mutants;
  exit $bad;
} elsif ($action eq 'file') {
  print named()->{file}, "\n";
} elsif ($action eq 'apply') {
  my $mutant = named();
  my $text = content($mutant->{file});
  my ($pattern, $new) = (pattern($mutant), join("\n", @{$mutant->{new}}));
  my $count = $text =~ s/$pattern/$new/;
  die "$name: its text is not found in $mutant->{file}\n" if !$count;
  open(my $out, '>', "$root/$mutant->{file}") or die "$mutant->{file}: $!\n";
  print $out $text;
} else {
  die "check, names, file or apply\n";
}
