#!/usr/bin/env perl
# What a script can see of the tree's structure: structure.pl CHECK, in the source tree's root. Prints what breaks a rule,
# and fails then (structure.pl CHECK print: prints all, exceptions too). Exceptions of a check stand in CHECK.txt beside this
# script, as it prints them and with their reasons: `what: how much  # reason`. It fails as well where one has no reason, is
# none any more, or says another number than the tree: a list that has shrunk must be shortened. Nothing keeps a list from
# growing but who reviews it, and takes the reason or does not.
use strict;
use warnings;
use File::Basename qw(basename dirname);

my @folders = qw(base pipeline reports scenarios sim experiments http mock_api load cli);
my $most_components = 24;                     # of one folder
my ($most_methods, $most_fields) = (40, 20);  # of one class
my $few_statements = 3;                       # need no check

my $check = shift // die "usage: structure.pl CHECK\n";
my %checks = (
  bodies => \&bodies, large_classes => \&large_classes, circles => \&circles, rooms => \&rooms,
  names => \&names, clocks => \&clocks, checks => \&checks,
);
my $run = $checks{$check} or die "no check $check\n";

my @files = sort map { chomp; $_ } `find @folders -type f \\( -name '*.cpp' -o -name '*.hpp' \\)`;
my %text;
for my $file (@files) {
  open my $in, '<', $file or die "$file: $!\n";
  local $/;
  $text{$file} = <$in>;
}

my %found;  # what breaks the rule => the sentence about it
$run->();
if (($ARGV[0] // '') eq 'print') {
  print "$_: $found{$_}\n" for sort keys %found;
  exit 0;
}

my %excepted;
my $wrong = 0;
my $list = dirname($0) . "/$check.txt";
sub complain { print "@_\n"; $wrong = 1 }
if (open my $in, '<', $list) {
  while (<$in>) {
    next if /^\s*(#|$)/;
    my ($key, $sentence, $reason) = /^(.+?): (.+?)\s*(?:# *(.*?)\s*)?$/;
    complain("$list:$.: no exception, which is `what: how much  # reason`"), next unless defined $key;
    complain("$key: has no reason in $list: `$key: $sentence  # reason`") unless $reason;
    $excepted{$key} = $sentence;
  }
}
for my $key (sort keys %found) {
  next if ($excepted{$key} // '') eq $found{$key};
  complain("$key: $found{$key}"
    . (exists $excepted{$key} ? "; $list says: $excepted{$key}. If that is meant: `$key: $found{$key}  # reason`" : ''));
}
for my $key (sort keys %excepted) {
  complain("$key: is no exception any more: take it out of $list") unless exists $found{$key};
}
exit $wrong;

# A header with its source, or either alone: the path without its ending.
sub component { my ($file) = @_; $file =~ s/\.(cpp|hpp)$//r }

# The bodies of a class lie in one source, and that is named like the header that declares the class.
sub bodies {
  my %sources;  # class => source => 1
  for my $file (grep { /\.cpp$/ } @files) {
    my $space = $text{$file};
    my %local;  # classes of this file alone
    $local{$1} = 1 while $space =~ /^(?:template <.*>\n?)?(?:class|struct) (\w+)[^;]*?\{/mg;
    while ($space =~ /^(?!\s|return|namespace|using|#|\/\/)[^\n=;({]*?\b((?:[A-Z]\w*::)+)~?(?:operator\W{1,3}|\w+)\(/mg) {
      my $class = $1 =~ s/::$//r;
      my ($outer) = split /::/, $class;
      $sources{$class}{$file} = 1 unless $local{$outer};
    }
  }
  my %header;
  for my $file (grep { /\.hpp$/ } @files) {
    $header{$1}{component($file)} = 1 while $text{$file} =~ /^(?:class|struct) (\w+)[^;]*?\{/mg;
  }
  for my $class (sort keys %sources) {
    my @sources = sort keys %{$sources{$class}};
    my ($outer) = split /::/, $class;
    if (@sources > 1) {
      $found{$class} = "its bodies lie in " . join(', ', @sources);
    } elsif ($header{$outer} && !$header{$outer}{component($sources[0])}) {
      $found{$class} = "is declared in " . join(', ', sort keys %{$header{$outer}}) . " and defined in $sources[0]";
    }
  }
}

# How many fields a declaration declares: `int a_ = f(), b_;` two, a function none.
sub fields_of {
  my ($text) = @_;
  $text =~ s/"[^"]*"|<<//g;
  1 while $text =~ s/<[^<>]*>//;
  return 0 unless $text =~ /^[^(]*;|^[^(]*\b\w+_(\[\w+\])?\s*[={]/;
  1 while $text =~ s/\([^()]*\)|\{[^{}]*\}//;
  return 1 + ($text =~ tr/,//);
}

# Classes that own too much. Plain structs may have any number of fields.
sub large_classes {
  for my $file (@files) {
    my @lines = split /\n/, $text{$file};
    for (my $i = 0; $i < @lines; ++$i) {
      next unless $lines[$i] =~ /^(class|struct) ([\w:]+)[^;]*\{$/;
      my ($kind, $name) = ($1, $2);
      my ($methods, $fields, $whole) = (0, 0, '');
      for (++$i; $i < @lines && $lines[$i] !~ /^\}/; ++$i) {
        my $line = $lines[$i];
        next if $line =~ /^\s*(\/\/|#|$)/ || $line =~ /^ (public|private|protected):/;
        next if $whole eq '' && $line !~ /^  \S/;         # inside a body or a nested type
        next if $whole eq '' && $line =~ /^  [})]/;
        $whole .= ' ' . ($line =~ s/\s*\/\/.*//r);
        next unless $line =~ /[;{}]\s*(\/\/.*)?$/;
        my $declaration = $whole;
        $whole = '';
        next if $declaration =~ /^\s*(using|friend|enum|struct|class|static_assert|template <.*> (using|struct))\b/;
        my $declared = fields_of($declaration);
        if ($declared) {
          $fields += $declared;
        } elsif ($declaration =~ /\(/) {
          ++$methods;
        }
      }
      next if $methods <= $most_methods && ($fields <= $most_fields || $kind eq 'struct');
      $found{$name} = "$methods methods, $fields fields in $file";
    }
  }
}

# Edges between components, by their includes.
sub edges {
  my %known = map { component($_) => 1 } @files;
  my %edges;
  for my $file (@files) {
    while ($text{$file} =~ /^#include "([^"]+)"/mg) {
      my $other = component($1);
      $edges{component($file)}{$other} = 1 if $known{$other} && $other ne component($file);
    }
  }
  return %edges;
}

# Groups of nodes that reach each other (Tarjan).
sub strong_groups {
  my (%edges) = @_;
  my ($next, @stack, %index, %low, %on, @groups) = (0);
  my $visit;
  $visit = sub {
    my ($node) = @_;
    $index{$node} = $low{$node} = $next++;
    push @stack, $node;
    $on{$node} = 1;
    for my $other (sort keys %{$edges{$node} // {}}) {
      if (!defined $index{$other}) {
        $visit->($other);
        $low{$node} = $low{$other} if $low{$other} < $low{$node};
      } elsif ($on{$other}) {
        $low{$node} = $index{$other} if $index{$other} < $low{$node};
      }
    }
    return if $low{$node} != $index{$node};
    my @group;
    do { push @group, pop @stack; $on{$group[-1]} = 0 } while $group[-1] ne $node;
    push @groups, [sort @group] if @group > 1;
  };
  no warnings 'recursion';
  for my $node (sort keys %edges) { $visit->($node) unless defined $index{$node} }
  return @groups;
}

# Components form no circle, nor do rooms; a folder's root, its face, is no room.
sub circles {
  my %edges = edges();
  $found{join ' ', @$_} = 'they include each other' for strong_groups(%edges);
  my %rooms;
  for my $from (keys %edges) {
    for my $to (keys %{$edges{$from}}) {
      my ($a, $b) = (dirname($from), dirname($to));
      next if $a eq $b || $a !~ /\// || $b !~ /\//;
      next if index("$a/", "$b/") == 0 || index("$b/", "$a/") == 0;  # a room and the root of its rooms
      $rooms{$a}{$b} = 1;
    }
  }
  $found{join ' ', @$_} = 'these rooms include each other' for strong_groups(%rooms);
}

# No heap, and no room of one.
sub rooms {
  my %components;
  $components{dirname($_)}{component($_)} = 1 for @files;
  for my $folder (keys %components) {
    my $count = keys %{$components{$folder}};
    $found{$folder} = "$count components, more than $most_components" if $count > $most_components;
    $found{$folder} = 'a room of one component' if $count == 1 && $folder =~ /\//;
  }
}

# What no file is called.
sub names {
  for my $file (@files) {
    my $name = basename(component($file));
    $found{$file} = 'only tests end in _test' if $name =~ /_test$/;
    $found{$file} = 'says nothing about what it holds' if $name =~ /_(impl|parts|utils?|helpers?|misc|common)$/;
  }
}

# Time comes in: who reads a clock is listed, whether it is one of the machine's or was given (`clock_.now()`, `clock().now()`).
# The now() of an event queue and of a pipeline is what they were told last.
sub clocks {
  for my $file (@files) {
    next if $file =~ m{^base/clock\.};
    my $code = $text{$file} =~ s{//.*}{}gr;
    my $calls = () = $code =~ /\b\w*[cC]lock::now\(\)|\b(?:clock_gettime|gettimeofday|std::time)\(|(?:\.|->)time_of_day\(\)|(?<!\bevents_)(?<!\bpipeline_)(?<!->pipeline)(?:\.|->)now\(\)|(?<![\w.>:])now\(\)(?! const)/g;
    $found{$file} = "$calls reading" . ($calls == 1 ? '' : 's') . ' of a clock' if $calls;
  }
}

# The functions of a text without comments and literals, as clang-format lays them out: name, parameters, what stands
# between them and the body, body.
sub functions {
  my ($code) = @_;
  my @functions;
  my $class = '';
  my @lines = split /\n/, $code;
  for (my $i = 0; $i < @lines; ++$i) {
    $class = $1 if $lines[$i] =~ /^(?:class|struct) (?:alignas\(\d+\) )?(\w+)[^;]*$/;
    $class = '' if $lines[$i] =~ /^\};?/;
    next unless $lines[$i] =~ /^((?:  )*)(?!return|if|for|while|switch|else|do|case|using|friend|namespace)[\w\[:~]/;
    my $indent = $1;
    next if length $indent > ($class ? 2 : 0);
    my $head = $lines[$i];
    my $j = $i;
    $head .= " $lines[++$j]" while $j + 1 < @lines && $head !~ /[;{}]\s*$/;
    next unless $head =~ /^\s*[^(=]*?((?:\w+(?:<[^<>]*>)?::)*~?\w+)\((.*?)\)((?: (?:const|override|noexcept|requires [^{]*))*)(?: :.*)? \{/;
    my ($name, $parameters, $after) = ($1, $2, $3);
    my $body = $head =~ /\{(.*)\}\s*$/ ? $1 : '';
    if ($head !~ /\}\s*$/) {
      $body .= "$lines[$j]\n" while ++$j < @lines && $lines[$j] !~ /^$indent\}/;
    }
    $name =~ s/<[^<>]*>//g;
    push @functions, [$class ? "${class}::$name" : $name, $parameters, $after, $body];
    $i = $j;
  }
  return @functions;
}

# Whoever changes state, in more than a few statements, checks something that could be broken: itself, or by its class's
# check(now). State: members, what is given by reference, a Place, and references into those.
sub checks {
  for my $file (grep { m{^pipeline/.*\.cpp$|^reports/metrics/} } @files) {
    my $code = $text{$file} =~ s{//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'}{}gr;
    for my $function (functions($code)) {
      my ($name, $parameters, $after, $body) = @$function;
      my $statements = () = $body =~ s/\bfor \([^;()]*;[^;]*;/for (/gr =~ /;/g;
      next if $statements <= $few_statements || $after =~ /\bconst\b/;
      next if $body =~ /\bSLUICE_(?:CHECK|REQUIRE)\(|\bcheck\(now\)/;
      next if $name =~ /^(\w+)::(?:\w+::)*~?\1$/;  # what is made has no state before
      my @state = ('\w+_', $parameters =~ /(?:^|,)\s*(?!const )[\w:<>]+& (\w+)(?=,|$)/g);
      push @state, 'p' if $parameters =~ /\bconst (?:auto|Place)& p\b/;
      my $place = sub { '\b(?:' . join('|', @state) . ')\b(?:\[[^\]]*\]|(?:->|\.)\w+)*' };
      while ($body =~ /^\s*(?:const )?[\w:<>]+& (\w+) =\s([^;]*);/mg) {
        my ($reference, $to) = ($1, $2);
        push @state, $reference if $& !~ /^\s*const / && $to =~ $place->();
      }
      my $new = $body =~ s/[\w:<>]+[&*]? (?:const )?\w+ = //gr;
      my $changed = $place->();
      next unless $new =~ /(?:\+\+|--)$changed|$changed(?:\+\+|--| [-+*\/|&]?= |\.(?:push|emplace|pop)_back\()/;
      $found{"$file $name"} = "checks nothing";
    }
  }
}
