#!/usr/bin/env perl
# Plans problems whose exact answers are known, over many seeds, and counts how often the answer is right:
#   plan_oracles.pl SLUICE FOLDER SEEDS [--first SEED] [--check] [FILE…]
# FOLDER holds oracles.json and the scenarios. Prints a line for each problem: how often a setting was named that does not
# meet its expectations (infeasible), the optimum (or a tied one), another feasible one; how often there was no answer;
# replications and seconds a plan. --check: fails where a named setting does not meet them by more than 1 % of a limit in
# more than 1 of 5 seeds (a few seeds prove no rate), or a clear optimum (its margin and its neighbours' above 5 %) is missed.
use strict;
use warnings;
use JSON::PP;
use Time::HiRes qw(time);

my ($sluice, $folder, $seeds, @rest) = @ARGV;
die "usage: plan_oracles.pl SLUICE FOLDER SEEDS [--first SEED] [--check] [FILE...]\n" unless $seeds;
my ($first, $check, %only) = (1, 0);
while (@rest) {
  my $word = shift @rest;
  if ($word eq '--first') { $first = shift @rest }
  elsif ($word eq '--check') { $check = 1 }
  else { $only{$word} = 1 }
}

open my $in, '<', "$folder/oracles.json" or die "$folder/oracles.json: $!\n";
my $problems = decode_json(do { local $/; <$in> });

sub values_text {
  my $values = shift;
  return join ',', @$values if ref $values eq 'ARRAY';
  return "$values->{from}..$values->{to}:$values->{step}";
}
sub key_of { my $s = shift; join ',', map { "$_=" . text_of($s->{$_}) } sort keys %$s }
sub text_of { my $v = shift; ref $v ? encode_json($v) : $v }

my $wrong = 0;
printf "%-32s %5s %10s %8s %8s %9s %6s %6s\n", qw(problem seeds infeasible optimum feasible no_answer repl. s);
for my $problem (@$problems) {
  next if %only && !$only{$problem->{file}};
  my @names = map { $_->{param} } @{$problem->{variables}};
  my %feasible = map { my ($setting, $cost, $values, $good) = @$_;
    my %s; @s{@names} = @$setting; (key_of(\%s) => $good) } @{$problem->{everything}};
  my %best = map { key_of($_->{setting}) => 1 } @{$problem->{optima} // []};
  my @command = ($sluice, 'plan', "$folder/$problem->{file}", '-q', '--json', '-', '--cost', $problem->{cost});
  push @command, '--choose', "$_->{param}=" . values_text($_->{values}) for @{$problem->{variables}};
  if (my $chance = $problem->{chance}) {
    my $share = ref $chance ? ($chance->{share} // $chance->{probability}) : $chance;
    my ($sentence) = $problem->{constraints}[0] =~ /^(.*?) on /;
    push @command, '--set', "expect.0=" . ($sentence // $problem->{constraints}[0]) . " in " . 100 * $share . "% of replications";
  }
  my %count = map { $_ => 0 } qw(infeasible optimum feasible none);
  my ($replications, $begin) = (0, time);
  for my $seed ($first .. $first + $seeds - 1) {
    open my $out, '-|', @command, '--seed', 1000 * $seed + 7 or die "cannot run $sluice\n";
    my $text = do { local $/; <$out> };
    close $out;
    my $plan = eval { decode_json($text // '') } or die "$problem->{file}, seed $seed: no JSON from @command\n";
    $replications += $plan->{spent}{replications};
    if ($plan->{status} ne 'found') {
      my $right = !%best && $plan->{status} eq 'infeasible';
      $count{$right ? 'optimum' : 'none'}++;
      next;
    }
    my $named = key_of($plan->{winner}{settings});
    die "$problem->{file}: $named is not in oracles.json\n" unless exists $feasible{$named};
    $count{$best{$named} ? 'optimum' : $feasible{$named} ? 'feasible' : 'infeasible'}++;
  }
  printf "%-32s %5d %10d %8d %8d %9d %6.0f %6.1f\n", $problem->{file}, $seeds, @count{qw(infeasible optimum feasible none)},
    $replications / $seeds, (time - $begin) / $seeds;
  my $clear = !%best || ($problem->{narrow_side} // '') eq '' && $problem->{difficulty} =~ /easy|exact|medium/;
  my $smallest = 1;
  for my $one (@{$problem->{optima} // []}, @{$problem->{neighbours} // []}) {
    $smallest = abs $one->{margin} if defined $one->{margin} && abs $one->{margin} < $smallest;
  }
  $wrong = 1 if $check && ($count{infeasible} > $seeds / 5 || ($clear && $smallest > 0.05 && $count{optimum} < $seeds * 4 / 5));
}
exit $wrong;
