#!/usr/bin/env perl
# How often `sluice compare` names a difference between equals, and how often the interval of a difference holds it:
#   compare_rates.pl SLUICE COMPARISONS [--first SEED] [--check] [--only NAME]… [--pairs N]
# Equals are two sets of replications of one small scenario (equals.yaml) with other draws:
#   unpaired   reports of 8 replications each, whose seeds differ
#   pairs      12 pairs whose sides draw nothing alike (two seeds)
#   shared     12 pairs that share the draws of one submitter; the other has another name on each side, and so other draws
#   looks      as `shared`, at 5, 8 and 12 replications until settled
# Of each: comparisons that name anything worse or better (at most 5 % of them may, without a tolerance), and those in
# which the p of LOW wait.mean alone is at most 0.05 (5 %; at looks that of the last one, 5 % spent over three), by direction.
# coverage: 40 (--pairs) pairs of 5 and 4 workers; how often the 95 % interval of the difference of a mean wait holds the true one,
# which is that of 20 times as many replications as comparisons, at most 4 000.
# 1 000 comparisons take some 8 minutes of one core. --check: fails where a share is further from what is stated than
# 3.5 standard errors.
use strict;
use warnings;
use File::Temp qw(tempdir);
use File::Basename qw(dirname);
use JSON::PP;
use Time::HiRes qw(time);

my ($sluice, $count, @rest) = @ARGV;
die "usage: compare_rates.pl SLUICE COMPARISONS [--first SEED] [--check] [--only NAME]... [--pairs N]\n" unless $count;
my ($first, $check, $pairs, %only) = (1, 0, 40);
$| = 1;
while (@rest) {
  my $word = shift @rest;
  if ($word eq '--first') { $first = shift @rest }
  elsif ($word eq '--check') { $check = 1 }
  elsif ($word eq '--pairs') { $pairs = shift @rest }
  elsif ($word eq '--only') { $only{shift @rest} = 1 }
  else { die "$word: unknown\n" }
}

my $folder = tempdir(CLEANUP => 1);
my $scenario = dirname($0) . '/equals.yaml';
my $renamed = "$folder/renamed.yaml";
{
  open my $in, '<', $scenario or die "$scenario: $!\n";
  my $text = do { local $/; <$in> };
  $text =~ s/^  research: \{workspace: research/  night: {workspace: research/m or die "$scenario: no submitter research\n";
  open my $out, '>', $renamed or die "$renamed: $!\n";
  print $out $text;
}

sub output {
  open my $out, '-|', $sluice, @_ or die "cannot run $sluice\n";
  my $text = do { local $/; <$out> };
  close $out;
  return $text // '';
}
sub comparison {
  my $text = output('compare', @_, '-q', '--json', '-');
  return eval { decode_json($text) } // die "no JSON from compare @_\n";
}
sub report {
  my ($seed, $file) = @_;
  output('simulate', $scenario, '-q', '--threads', 1, '--seed', $seed, '--replications', 8, '--json', $file);
  return $file;
}
my %designs = (
  unpaired => sub {
    my $i = shift;
    return comparison('--base', report(2 * $i, "$folder/base.json"), '--new', report(2 * $i + 1, "$folder/new.json"), '--tolerance', '0%');
  },
  pairs => sub {
    my $i = shift;
    return comparison($scenario, '--threads', 1, '--base-set', 'seed=' . 2 * $i, '--set', 'seed=' . (2 * $i + 1), '--replications', 12, '--tolerance', '0%');
  },
  shared => sub { return comparison($scenario, $renamed, '--threads', 1, '--seed', shift, '--replications', 12, '--tolerance', '0%') },
  looks => sub { return comparison($scenario, $renamed, '--threads', 1, '--seed', shift, '--most', 12, '--tolerance', '0%') });

my $wrong = 0;
sub hold {
  my ($good, $what) = @_;
  return if $good || !$check;
  print "not as stated: $what\n";
  $wrong = 1;
}
# So far from `share` of `n` chance may take it.
sub slack { my ($share, $n) = @_; return 3.5 * sqrt($share * (1 - $share) * $n) }

printf "%-9s %11s %6s %7s %6s %7s %9s %6s %7s %5s\n", qw(equals comparisons named share worse better p<=.05 above below s);
for my $design (qw(unpaired pairs shared looks)) {
  next if %only && !$only{$design};
  my ($named, $small, %way, $begin) = (0, 0);
  $begin = time;
  $way{$_} = 0 for qw(worse better above below);
  for my $i ($first .. $first + $count - 1) {
    my $found = $designs{$design}->($i);
    die "$design, $i: nothing was compared\n" unless @{$found->{metrics}};
    my %changes = map { $_->{change} => 1 } @{$found->{metrics}};
    $named++ if $changes{worse} || $changes{better};
    for (qw(worse better)) { $way{$_}++ if $changes{$_} }
    for my $metric (@{$found->{metrics}}) {
      next unless $metric->{metric} eq 'wait.mean' && ($metric->{level} // '') eq 'LOW' && $metric->{p} <= 1 - $found->{confidence} + 1e-12;
      $small++;
      $way{$metric->{new} > $metric->{base} ? 'above' : 'below'}++;
    }
  }
  printf "%-9s %11d %6d %5.1f %% %6d %7d %9d %6d %7d %5.0f\n", $design, $count, $named, 100 * $named / $count, @way{qw(worse better)}, $small,
    @way{qw(above below)}, time - $begin;
  hold($named <= 0.05 * $count + slack(0.05, $count), "$design: $named of $count name something");
  hold(abs($small - 0.05 * $count) <= slack(0.05, $count), "$design: p is at most 0.05 in $small of $count") if $design ne 'looks';
  for (['worse', 'better'], ['above', 'below']) {
    my ($one, $other) = @way{@$_};
    hold(abs($one - $other) <= 3.5 * sqrt($one + $other), "$design: $one $_->[0], $other $_->[1]");
  }
}

# The five mean waits (all, two levels, two workspaces) share the error: at 75 % each interval is one at 95 %.
my ($from, $to) = (5, 4);
my @kinds = qw(all HIGH LOW);
sub differences {
  my $seed = shift;
  my $found = comparison($scenario, '--threads', 1, '--base-set', "params.workers=$from", '-p', "workers=$to", '--metric', 'wait.mean',
    '--confidence', 0.75, '--replications', $pairs, '--seed', $seed);
  my @waits = grep { !defined $_->{workspace} } @{$found->{metrics}};
  die "not five mean waits\n" unless @{$found->{metrics}} == 5 && @waits == 3;
  return map { ($_->{level} // 'all' => $_->{difference_interval}) } @waits;
}
sub means {
  my $workers = shift;
  my $text = output('simulate', $scenario, '-q', '--threads', 1, '-p', "workers=$workers", '--seed', 1_000_000_007, '--replications', $count < 200 ? 20 * $count : 4000,
    '--json', '-');
  my $report = eval { decode_json($text) } // die "no JSON from simulate\n";
  return (all => $report->{total}{wait}{mean}{value}, map { $_->{level} => $_->{wait}{mean}{value} } @{$report->{levels}});
}
exit $wrong if %only && !$only{coverage};
my $begin = time;
my %base = means($from);
my %new = means($to);
my (%true, %held);
$true{$_} = $new{$_} - $base{$_} for @kinds;
$held{$_} = 0 for @kinds;
for my $seed ($first .. $first + $count - 1) {
  my %interval = differences($seed);
  for (@kinds) { $held{$_}++ if $interval{$_}[0] <= $true{$_} && $true{$_} <= $interval{$_}[1] }
}
printf "\n%-9s %11s %6s %7s %9s\n", qw(coverage comparisons held share difference);
for (@kinds) {
  printf "%-9s %11d %6d %5.1f %% %7.2f s\n", $_, $count, $held{$_}, 100 * $held{$_} / $count, $true{$_};
  hold(abs($held{$_} - 0.95 * $count) <= slack(0.95, $count), "coverage: the interval of $_ holds the difference in $held{$_} of $count");
}
printf "%.0f s\n", time - $begin;
exit $wrong;
